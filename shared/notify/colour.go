package notify

// Colours are the brand's in one scheme, each like "#0d6a50". Whoever sets them sees
// to it that they can be read; shared/brand does.
type Colours struct {
	Accent   string
	OnAccent string // text on the accent
	Tint     string // behind what stands out
}

// The portal's own, as frontend/static/app.css has them. Mails carry their colours
// in themselves: no mail program knows custom properties.
var (
	own       = Colours{Accent: "#0d6a50", OnAccent: "#ffffff", Tint: "#e3f0ea"}
	ownAtDark = Colours{Accent: "#74c9a8", OnAccent: "#0c221a", Tint: "#1d3129"}
)
