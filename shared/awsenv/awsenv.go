// Package awsenv configures AWS clients from the environment, as a Lambda
// function finds it: region, static credentials and endpoint overrides.
//
// It does without the SDK's config package on purpose: that one brings
// profiles, single sign-on and their clients, which cost a function 2 ms of
// start-up and 2 MB. Start with [Config]; each client gets its own.
//
// The package must not import any service client, nor keep anything secret
// beyond the credentials that it hands to the SDK.
package awsenv

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Errors of Config.
var (
	ErrNoRegion      = errors.New("awsenv: no region: set AWS_REGION")
	ErrNoCredentials = errors.New("awsenv: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY " +
		`(from a profile: eval "$(aws configure export-credentials --format env)")`)
)

// Config reads what the client of one service needs; service is the ServiceID
// of its package, such as dynamodb.ServiceID. The variables are those that
// every AWS SDK knows (AWS SDKs and Tools Reference Guide, "Settings
// reference"): AWS_REGION or AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL_<SERVICE> before
// AWS_ENDPOINT_URL, and AWS_IGNORE_CONFIGURED_ENDPOINT_URLS.
func Config(getenv func(string) string, service string) (aws.Config, error) {
	cfg := aws.Config{HTTPClient: client()}
	if cfg.Region = either(getenv, "AWS_REGION", "AWS_DEFAULT_REGION"); cfg.Region == "" {
		return cfg, ErrNoRegion
	}
	creds := aws.Credentials{
		AccessKeyID:     getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	if !creds.HasKeys() {
		return cfg, ErrNoCredentials
	}
	// Lambda starts a new process before its credentials expire.
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return creds, nil })
	if url := endpoint(getenv, service); url != "" {
		if !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
			return cfg, fmt.Errorf("awsenv: endpoint %q for %s is no http or https URL", url, service)
		}
		cfg.BaseEndpoint = aws.String(url)
	}
	return cfg, nil
}

func endpoint(getenv func(string) string, service string) string {
	if strings.EqualFold(getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true") {
		return ""
	}
	suffix := strings.ToUpper(strings.ReplaceAll(service, " ", "_"))
	return either(getenv, "AWS_ENDPOINT_URL_"+suffix, "AWS_ENDPOINT_URL")
}

func either(getenv func(string) string, first, second string) string {
	if v := getenv(first); v != "" {
		return v
	}
	return getenv(second)
}

// client is the one HTTP client of the process, so that services share what
// they can. Its times suit calls that take milliseconds: a request whose answer
// takes 10 s is lost, and the caller should try again while it still can.
var client = sync.OnceValue(func() *http.Client {
	return &http.Client{
		Timeout: 15 * time.Second,
		// AWS does not redirect; a proxy that does would make a signed request
		// go where it was not signed for.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:   3 * time.Second,
			ResponseHeaderTimeout: 10 * time.Second,
			MaxIdleConns:          128,
			MaxIdleConnsPerHost:   64,
			IdleConnTimeout:       90 * time.Second,
		},
	}
})
