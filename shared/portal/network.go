package portal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"time"
)

// A network address is personal data, and is never stored, shown or logged. What has
// to tell networks apart keeps a hash, keyed with a secret that lasts a week: without
// the key nobody can find out whose it is by hashing all addresses there are, and when
// the week's key is gone nobody can at all, whatever backups hold.

// FromAddress reads where a request came from; the zero Addr is an address that tells
// nobody apart: none, this machine's own, or one of a private network.
func FromAddress(s string) netip.Addr {
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	if a = a.Unmap().WithZone(""); a.IsLoopback() || a.IsPrivate() || a.IsUnspecified() || a.IsLinkLocalUnicast() {
		return netip.Addr{}
	}
	return a
}

// networkOf is the network that quotas go by: an IPv4 address, or the /64 that one
// IPv6 subscriber has; "" for the zero Addr.
func networkOf(a netip.Addr) string { return prefix(a, 32) }

// crowdOf is the network that votes are looked at by: addresses next to each other
// belong together, an IPv4 /24 or an IPv6 /64.
func crowdOf(a netip.Addr) string { return prefix(a, 24) }

func prefix(a netip.Addr, bits int) string {
	if !a.IsValid() {
		return ""
	}
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// NetworkKeyLife is for how long one key hashes networks; it is forgotten when as much
// time has passed again.
const NetworkKeyLife = 7 * 24 * time.Hour

// networkKey is the key of the week, kept so that hashing costs no read.
type networkKey struct {
	mu     sync.Mutex
	week   int64
	secret []byte
}

// blind is the hash of a network for one purpose. It can't be compared with that for
// another purpose, or of another week.
func (p *Portal) blind(ctx context.Context, purpose, network string) (string, error) {
	key, err := p.weekKey(ctx)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	_, _ = io.WriteString(h, purpose+"\x00"+network)
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

func (p *Portal) weekKey(ctx context.Context) ([]byte, error) {
	k := &p.networks
	k.mu.Lock()
	defer k.mu.Unlock()
	now := p.now()
	week := now.Unix() / int64(NetworkKeyLife/time.Second)
	if k.week == week && k.secret != nil {
		return k.secret, nil
	}
	fresh := make([]byte, 32)
	if _, err := io.ReadFull(p.IDs.Rand, fresh); err != nil {
		return nil, fmt.Errorf("make a network key: %w", err)
	}
	begun := time.Unix(week*int64(NetworkKeyLife/time.Second), 0).UTC()
	secret, err := p.Store.NetworkKey(ctx, week, fresh, begun.Add(2*NetworkKeyLife))
	if err != nil {
		return nil, err
	}
	k.week, k.secret = week, secret
	return secret, nil
}
