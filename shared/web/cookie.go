package web

import (
	"net/http"
	"time"

	"groundswell/shared/portal"
)

// Names of the cookies. Over https they carry the prefix that binds them to this
// very host (RFC 6265bis, 4.1.3.2); over http, which only the local program
// speaks, browsers refuse the prefix.
const (
	hostPrefix    = "__Host-"
	sessionCookie = "gs_session"
	signInCookie  = "gs_signin" // the secret of the browser that asked for a code
)

// What the edge has to tell apart, over https (infra/stack/edge.yaml).
const (
	SessionCookie  = hostPrefix + sessionCookie
	LanguageCookie = hostPrefix + languageCookie
)

func cookieName(name string, secure bool) string {
	if secure {
		return hostPrefix + name
	}
	return name
}

func readCookie(r *http.Request, name string, secure bool) string {
	c, err := r.Cookie(cookieName(name, secure))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie stores value in the browser for life; "" takes the cookie away.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	c := &http.Cookie{
		Name:     cookieName(name, callOf(r).secure),
		Value:    value,
		Path:     "/",
		MaxAge:   int(life / time.Second),
		Secure:   callOf(r).secure,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// setSession signs the browser in. The cookie lives as long as a session can; the
// server's own rules end it earlier.
func setSession(w http.ResponseWriter, r *http.Request, token string) {
	setCookie(w, r, sessionCookie, token, portal.SessionLife)
	setCookie(w, r, signInCookie, "", 0)
}

func clearSession(w http.ResponseWriter, r *http.Request) {
	setCookie(w, r, sessionCookie, "", 0)
}

// setBrowser remembers that this browser asked for a code.
func setBrowser(w http.ResponseWriter, r *http.Request, secret string) {
	setCookie(w, r, signInCookie, secret, portal.CodeLife)
}

// browser is the secret that setBrowser stored, or "".
func browser(r *http.Request) string { return readCookie(r, signInCookie, callOf(r).secure) }
