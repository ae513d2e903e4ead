package rehearsal

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"

	"groundswell/infra/rehearsal/fakeaws"
)

// client is a browser, or a program, in front of the gateway. It keeps cookies by
// name: the portal thinks that it is spoken to over TLS, and its cookies are Secure.
type client struct {
	*stack
	email   string
	cookies map[string]string
}

func (s *stack) client(email string) *client {
	if email != "" {
		s.hide(email)
	}
	return &client{stack: s, email: email, cookies: map[string]string{}}
}

// answer is a response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(into any) error { return json.Unmarshal([]byte(a.body), into) }

// call sends a request. A function that was killed under it shows as 500: that is
// not an answer of ours, so the request is made again, as people do.
func (c *client) call(method, path, body string, header ...string) answer {
	c.Helper()
	for try := 0; ; try++ {
		a := c.once(method, path, body, header...)
		if a.status != http.StatusInternalServerError || c.chaos == nil || try == 50 || strings.Contains(a.body, "request_id") {
			return a
		}
	}
}

func (c *client) once(method, path, body string, header ...string) answer {
	c.Helper()
	req, err := http.NewRequestWithContext(c.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	req.Host = host
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	var jar []string
	for k, v := range c.cookies {
		jar = append(jar, k+"="+v)
	}
	if jar != nil {
		req.Header.Set("Cookie", strings.Join(jar, "; "))
	}
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.Fatal(err)
	}
	for _, k := range res.Cookies() {
		if !k.Secure || !k.HttpOnly || !strings.HasPrefix(k.Name, "__Host-") {
			c.Errorf("cookie %s: Secure %v, HttpOnly %v", k.Name, k.Secure, k.HttpOnly)
		}
		if k.MaxAge >= 0 && len(k.Value) > 8 {
			_, token, _ := strings.Cut(k.Value, ".")
			c.hide(k.Value, cmp.Or(token, k.Value))
		}
		if c.cookies[k.Name] = k.Value; k.MaxAge < 0 {
			delete(c.cookies, k.Name)
		}
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

// want is call with the status that it has to have.
func (c *client) want(status int, method, path, body string, header ...string) answer {
	c.Helper()
	a := c.call(method, path, body, header...)
	if a.status != status {
		c.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	return a
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// signIn asks for a code, reads the mail and brings the code back, and begins anew as
// people do when the portal says that something went wrong on its side.
func (c *client) signIn() *client {
	c.Helper()
	for range 3 {
		c.want(http.StatusAccepted, "POST", "/api/v1/sign-in", `{"email":"`+c.email+`"}`)
		c.settle()
		mails := c.ses.SentTo(c.email)
		if len(mails) == 0 {
			c.Fatalf("no sign-in mail for %s", c.email)
		}
		// In chaos a request may have been carried out and its answer lost: then two
		// codes are under way, and the browser has the secret of the last one.
		broken := false
		for i := len(mails) - 1; i >= 0; i-- {
			code := sixDigits.FindString(text(c, mails[i]))
			c.hide(code)
			a := c.call("POST", "/api/v1/sign-in/confirm", `{"email":"`+c.email+`","code":"`+code+`"}`)
			if a.status == http.StatusOK {
				return c
			}
			broken = broken || a.status == http.StatusInternalServerError
		}
		if !broken {
			break
		}
	}
	c.Fatalf("%s can't sign in", c.email)
	return c
}

// text is the plain part of a mail.
func text(c *client, m fakeaws.Mail) string {
	c.Helper()
	parts := parts(c.stack, m)
	return parts["text/plain"]
}
