/** What the client is made of. No part of its interface: it may change with any version. */
package example.walletd.internal;
