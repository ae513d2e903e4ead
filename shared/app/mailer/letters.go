package mailer

import (
	"cmp"
	"fmt"
	"io/fs"
	"sync"

	"groundswell/frontend"
	"groundswell/shared/app"
	"groundswell/shared/brand"
	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/notify"
	"groundswell/shared/portal"
)

// Letters writes mails that nobody is sent: what the team reads before it launches
// or merges an idea is what the worker would write. It is made from the configuration when it
// is first asked, because most of the requests of its function never do.
type Letters struct{ texts func() (*notify.Texts, error) }

// NewLetters makes it; of the configuration it needs what [New] does, less MailFrom
// and BaseURL.
func NewLetters(cfg app.Config) *Letters {
	return &Letters{sync.OnceValues(func() (*notify.Texts, error) { return texts(cfg) })}
}

// Launched is the mail that l is about, with links to the portal at baseURL.
func (w *Letters) Launched(baseURL string, l portal.LaunchPreview) (portal.Letter, error) {
	t, err := w.texts()
	if err != nil {
		return portal.Letter{}, err
	}
	m, err := t.At(baseURL).LaunchedTo(l.To, l.Page, l.Ver)
	return portal.Letter{Subject: m.Subject, Text: m.Text, HTML: m.HTML}, err
}

// Merged is the mail with the news, with links to the portal at baseURL.
func (w *Letters) Merged(baseURL string, n portal.MergeNews) (portal.Letter, error) {
	t, err := w.texts()
	if err != nil {
		return portal.Letter{}, err
	}
	m, err := t.At(baseURL).MergedTo(n)
	return portal.Letter{Subject: m.Subject, Text: m.Text, HTML: m.HTML}, err
}

// texts are the words and the look of the portal's mails.
func texts(cfg app.Config) (*notify.Texts, error) {
	files, err := fs.Sub(frontend.Files, "templates/mail")
	if err != nil {
		return nil, fmt.Errorf("find the templates of mails: %w", err)
	}
	b, err := brand.Parse(cfg.Brand, i18n.Locales())
	if err != nil {
		return nil, fmt.Errorf("brand: %w", err)
	}
	return &notify.Texts{
		FS:       files,
		Words:    func(tag string) notify.Words { return i18n.For(i18n.Match(tag)) },
		Portal:   cmp.Or(b.Name, cfg.PortalName),
		Light:    notify.Colours(b.Light),
		Dark:     notify.Colours(b.Dark),
		BaseURL:  cfg.BaseURL,
		Markdown: markdown.HTML,
	}, nil
}
