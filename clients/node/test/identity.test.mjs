// TLS and tokens, against a TLS server that plays scripts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { inspect } from "node:util";
import tls from "node:tls";

import { Client, Unauthenticated } from "../dist/index.mjs";
import { Certificates } from "./certificates.mjs";
import { FakeServer, frames, proto } from "./fake.mjs";
import { EAGER, answers, debit, errorOf, scripted } from "./scripted.mjs";

const SECRET = "s3cret-token-of-the-till";
const made = new Certificates();
const caFile = made.file("ca.pem");
const server = made.make("server");
const client = made.make("client");
const expired = made.make("expired", { days: -1 });
const elsewhere = made.make("elsewhere", { names: "DNS:elsewhere.example" });
after(() => rmSync(made.folder, { recursive: true }));

/** Runs `body` with the address of a TLS server that plays the scripts. */
async function secured(scripts, { certFile, keyFile } = server, more, body) {
  const options = { cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: "TLSv1.3", ...more };
  const fake = new FakeServer(scripts, (play) => tls.createServer({ ALPNProtocols: ["wrp/1"], ...options }, play));
  await fake.listen();
  try {
    await body(fake.address.replace("127.0.0.1", "localhost"), fake);
  } finally {
    await fake.close();
  }
}

async function using(address, options, body) {
  const made = new Client(address, { retry: EAGER, ...options });
  try {
    await body(made);
  } finally {
    made.close();
  }
}

test("TLS 1.3 with an authority of one's own, ALPN, and the server's name", async () => {
  const script = async (peer) => {
    assert.equal(peer.socket.getProtocol(), "TLSv1.3");
    assert.equal(peer.socket.alpnProtocol, "wrp/1");
    assert.equal(peer.socket.servername, "localhost");
    await answers()(peer);
  };
  await secured([script, script], server, {}, async (address) => {
    await using(address, { tls: { caFile } }, async (made) => assert.equal((await debit(made)).balance, 100n));
    const ca = readFileSync(caFile, "utf8");
    await using(address, { tls: { ca } }, async (made) => assert.equal((await debit(made)).balance, 100n));
  });
});

test("an address of a number is checked, too", async () => {
  await secured([answers()], server, {}, async (address) => {
    const numeric = address.replace("localhost", "127.0.0.1");
    await using(numeric, { tls: { caFile } }, async (made) => assert.equal((await debit(made)).balance, 100n));
  });
});

test("a name that is given is the one that is checked", async () => {
  await secured([answers()], elsewhere, {}, async (address) => {
    await using(address, { tls: { caFile, serverName: "elsewhere.example" } }, async (made) => {
      assert.equal((await debit(made)).balance, 100n);
    });
  });
});

const REFUSED = {
  "an authority that isn't trusted": [server, {}, /not trusted/],
  "an expired certificate": [expired, { caFile }, /expired/],
  "a certificate of another name": [elsewhere, { caFile }, /not trusted|altname/i],
};
for (const [name, [certificate, options, said]] of Object.entries(REFUSED)) {
  test(`${name} is refused at once`, async () => {
    await secured([], certificate, {}, async (address, fake) => {
      await using(address, { tls: options }, async (made) => {
        const error = await errorOf(debit(made), "unauthenticated");
        assert.match(error.message, said);
        assert.ok(fake.connections <= 1, "it was tried again");
      });
    });
  });
}

test("a server of an older TLS is refused", async () => {
  await secured([], server, { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" }, async (address) => {
    await using(address, { tls: { caFile } }, (made) => errorOf(debit(made), "protocol"));
  });
});

test("a server without TLS, and a client without it", async () => {
  const plain = async (peer) => {
    await peer.bytes(8);
    peer.socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    await peer.ends();
  };
  await scripted([plain], {}, (_, { address }) =>
    using(address, { tls: { caFile } }, (made) => errorOf(debit(made), "protocol")),
  );
  await secured([], server, {}, async (address) => {
    await using(address, {}, async (made) => {
      const error = await debit(made, {}, { timeoutMillis: 3_000 }).catch((caught) => caught);
      assert.ok(["protocol", "disconnected"].includes(error.kind), `${error}`);
    });
  });
});

test("a client certificate", async () => {
  const mutual = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(caFile) };
  const script = async (peer) => {
    assert.equal(peer.socket.getPeerCertificate().subject.CN, "client");
    await answers()(peer);
  };
  await secured([script], server, mutual, async (address) => {
    await using(address, { tls: { caFile, ...client } }, async (made) => {
      assert.equal((await debit(made)).balance, 100n);
    });
  });
});

/** Runs `body` with the address of openssl's own server, which tells a client by an alert that it doesn't take it. */
async function withOpenssl(body) {
  const args = ["-accept", "127.0.0.1:0", "-tls1_3", "-cert", server.certFile, "-key", server.keyFile];
  const child = spawn("openssl", ["s_server", ...args, "-CAfile", caFile, "-Verify", "1", "-verify_return_error"]);
  child.stdin.on("error", () => {});
  try {
    const address = await new Promise((resolve, reject) => {
      let said = "";
      child.stdout.on("data", (data) => {
        said += data;
        const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (port !== undefined) resolve(`localhost:${port}`);
      });
      child.on("exit", () => reject(new Error(`openssl s_server ended: ${said}`)));
    });
    await body(address);
  } finally {
    child.kill("SIGKILL");
  }
}

test("a client certificate that the server wants, or doesn't take", async () => {
  await withOpenssl(async (address) => {
    for (const identity of [{}, expired]) {
      await using(address, { tls: { caFile, ...identity } }, async (made) => {
        const error = await errorOf(debit(made), "unauthenticated");
        assert.match(error.message, /refused the client's certificate/);
      });
    }
  });
});

test("files that aren't there, or hold nothing of use", async () => {
  await secured([], server, {}, async (address) => {
    const missing = made.file("missing.pem");
    const bad = [
      { tls: { caFile: missing } },
      { tls: { caFile, certFile: client.certFile, keyFile: server.keyFile } },
      { tls: { caFile, cert: "nonsense", key: "nonsense" } },
      { tls: { caFile }, tokenFile: missing },
    ];
    for (const options of bad) {
      await using(address, options, (made) => errorOf(debit(made), "unauthenticated"));
    }
  });
});

// ---------------------------------------------------------------- tokens

test("a token goes into HELLO; a file is read for each connection", async () => {
  const tokenFile = made.file("token");
  writeFileSync(tokenFile, "first-token\n");
  const tokens = [];
  const script = async (peer) => {
    const hello = await peer.hello();
    tokens.push(hello.credentials.kind.value);
    writeFileSync(tokenFile, "second-token\n");
    const { requestId } = await peer.request();
    peer.ok({ requestId }, proto.MutationResponse.encode({ balance: 1n }));
  };
  await scripted([script, script], { tokenFile, retry: EAGER }, async (made) => {
    await debit(made, { idempotencyKey: "token-key-1" });
    await debit(made, { idempotencyKey: "token-key-2" });
  });
  assert.deepEqual(tokens, ["first-token", "second-token"]);
  await scripted([script], { token: SECRET }, (made) => debit(made));
  assert.equal(tokens[2], SECRET);
});

test("a token that is refused isn't tried again, and is in no error", async () => {
  const script = async (peer) => {
    const hello = await peer.readHello();
    assert.equal(hello.credentials.kind.value, SECRET);
    const error = proto.ErrorInfo.encode({ reason: "UNAUTHENTICATED", message: "who?" });
    peer.send(frames.FrameType.CONNECTION_ERROR, error);
    await peer.ends();
  };
  await scripted([script], { token: SECRET, retry: EAGER }, async (made, fake) => {
    const error = await errorOf(debit(made), "unauthenticated");
    assert.ok(error instanceof Unauthenticated);
    assert.equal(error.reason, "UNAUTHENTICATED");
    assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(SECRET));
    assert.ok(!inspect(made, { depth: 10, showHidden: true }).includes(SECRET));
    assert.equal(fake.connections, 1);
  });
});
