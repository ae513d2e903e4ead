// Package roots holds amazon.pem, the root certificates that Amazon's own
// services chain to (Amazon Trust Services). Each function's zip has a copy, and
// template.yaml points SSL_CERT_FILE at it: reading five roots instead of the
// system's 145 saves the first call of a cold function some 20 ms of CPU.
//
// Should AWS ever chain to another root, delete SSL_CERT_FILE and SSL_CERT_DIR
// from template.yaml: the system's bundle then serves again.
package roots
