// Certificates for tests, made by openssl.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A folder with an authority (ca.pem), and what `make` adds to it. */
export class Certificates {
  constructor() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), "walletd-tls-"));
    const request = ["req", "-x509", ...NEW_KEY, "-days", "30", "-subj", "/CN=test authority"];
    this.#openssl(...request, "-keyout", this.file("ca.key"), "-out", this.file("ca.pem"));
  }

  file(name) {
    return path.join(this.folder, name);
  }

  /** NAME.pem and NAME.key: a certificate for these names, signed by the authority. */
  make(name, { names = "DNS:localhost,IP:127.0.0.1", days = 30 } = {}) {
    const [pem, key, csr, ext] = ["pem", "key", "csr", "ext"].map((kind) => this.file(`${name}.${kind}`));
    this.#openssl("req", ...NEW_KEY, "-subj", `/CN=${name}`, "-keyout", key, "-out", csr);
    writeFileSync(ext, `subjectAltName=${names}\n`);
    const signed = ["-CA", this.file("ca.pem"), "-CAkey", this.file("ca.key"), "-CAcreateserial", "-extfile", ext];
    this.#openssl("x509", "-req", "-in", csr, "-out", pem, ...signed, "-days", `${days}`);
    return { certFile: pem, keyFile: key };
  }

  #openssl(...args) {
    execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  }
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
