// Tokens and other grants: who is let in, and for what.

import { createHash, randomFillSync } from "node:crypto";

import type { CreateTokenArguments, MutationCallOptions, RevokeTokenArguments } from "./arguments.js";
import type { Request } from "./attempts.js";
import * as proto from "./proto/messages.js";
import { common, keyed } from "./requests.js";
import type { AdministrationResult, CreateTokenResult } from "./results.js";

const SECRET_BYTES = 32;

/** Throws a TypeError unless there is one credential at most, and a RangeError for a secret of another length. */
export function createToken(given: CreateTokenArguments, options: MutationCallOptions): Request<CreateTokenResult> {
  const { secret: own, secretDigest, certificateName, unixUser, ...rest } = given;
  const others = [secretDigest, certificateName, unixUser].filter((one) => one !== undefined);
  if (others.length + (own === undefined ? 0 : 1) > 1) {
    throw new TypeError("a principal is let in by one of secret, secretDigest, certificateName and unixUser");
  }
  const secret = own ?? (others.length === 0 ? randomFillSync(Buffer.alloc(SECRET_BYTES)) : undefined);
  if (secret !== undefined && secret.length !== SECRET_BYTES) throw new RangeError("a secret has 32 bytes");
  const credential =
    certificateName !== undefined
      ? { case: "certificateName", value: certificateName }
      : unixUser !== undefined
        ? { case: "unixUser", value: unixUser }
        : { case: "secretDigest", value: secret === undefined ? secretDigest : digest(secret) };
  const body = { ...common(rest), credential };
  return keyed("createToken", body, rest, options, proto.AdministrationResponse, (response, key) => {
    const { row, ...result } = administered(response, key);
    const shown = secret !== undefined && row.id !== 0n;
    const hex = shown ? Buffer.from(secret).toString("hex") : "";
    return { ...result, row, token: shown ? `wlt_${row.id}_${hex}` : undefined };
  });
}

export function revokeToken(given: RevokeTokenArguments, options: MutationCallOptions): Request<AdministrationResult> {
  return keyed("revokeToken", common(given), given, options, proto.AdministrationResponse, administered);
}

function administered(response: proto.AdministrationResponse, key: string): AdministrationResult {
  return { ...response, key, row: response.row ?? proto.AdministrationRow.create() };
}

function digest(secret: Uint8Array): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
