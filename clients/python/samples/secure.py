"""TLS and a token. Its arguments are the server's address, and the files of the authority and of the token."""

import sys

import walletd

address, authority, token_file = sys.argv[1:4]
client = walletd.Client(
    address,
    tls=walletd.TLS(ca_file=authority),  # without ca_file: the authorities that the machine trusts
    token_file=token_file,  # read at each connect; for its owner alone
)
with client:
    print(client.server_info().mutations_available)
