#include "CTLS.h"
#include <openssl/err.h>
#include <openssl/ssl.h>

static walletd_tls_problem of_certificate(long verified, const char **text) {
  switch (verified) {
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH: return WALLETD_TLS_WRONG_NAME;
  case X509_V_ERR_CERT_HAS_EXPIRED: return WALLETD_TLS_EXPIRED;
  case X509_V_ERR_CERT_NOT_YET_VALID: return WALLETD_TLS_NOT_YET_VALID;
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  /* That of another authority with the same name. */
  case X509_V_ERR_CERT_SIGNATURE_FAILURE: return WALLETD_TLS_UNKNOWN_AUTHORITY;
  default: *text = X509_verify_cert_error_string(verified); return WALLETD_TLS_BAD_CERTIFICATE;
  }
}

walletd_tls_problem walletd_tls_why(SSL *ssl, int *alert, const char **text) {
  unsigned long error = ERR_peek_error();
  int reason = ERR_GET_REASON(error);
  *alert = 0;
  *text = walletd_tls_error_text();
  if (ERR_GET_LIB(error) != ERR_LIB_SSL) return WALLETD_TLS_OTHER;
  switch (reason) {
  case SSL_R_CERTIFICATE_VERIFY_FAILED: return of_certificate(SSL_get_verify_result(ssl), text);
  case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return WALLETD_TLS_NO_CERTIFICATE;
  case SSL_R_WRONG_VERSION_NUMBER:
  case SSL_R_HTTP_REQUEST:
  case SSL_R_HTTPS_PROXY_REQUEST: return WALLETD_TLS_NO_TLS;
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_NO_PROTOCOLS_AVAILABLE:
  case SSL_AD_REASON_OFFSET + SSL_AD_PROTOCOL_VERSION: return WALLETD_TLS_NO_VERSION;
  case SSL_R_NO_APPLICATION_PROTOCOL:
  case SSL_AD_REASON_OFFSET + SSL_AD_NO_APPLICATION_PROTOCOL: return WALLETD_TLS_NO_PROTOCOL;
  default: break;
  }
  if (reason <= SSL_AD_REASON_OFFSET) return WALLETD_TLS_OTHER;
  *alert = reason - SSL_AD_REASON_OFFSET;
  /* What OpenSSL 3.0 has no text for. */
  *text = *alert == SSL_AD_CERTIFICATE_REQUIRED ? "certificate required" : SSL_alert_desc_string_long(*alert);
  return WALLETD_TLS_ALERT;
}

const char *walletd_tls_error_text(void) {
  const char *text = ERR_reason_error_string(ERR_peek_error());
  return text != NULL ? text : "the library doesn't say why";
}
