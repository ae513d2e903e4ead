// Package picture draws what stands beside a shared link: an idea's title, votes
// and status as a PNG of 1200 x 630 pixels, the size that the Open Graph previews of
// chats and social networks are made for.
//
// Start with [Maker]; layout.go says what goes where, text.go breaks and fits the
// title, canvas.go puts ink on paper, fonts.go has the letters.
//
// The pictures are palette images: paper, and a ramp of shades for each ink on its
// ground. That makes them a fifth of the size in memory and several times faster to
// compress than full colour, and nothing is lost: text and hairlines have no other
// colours. The fonts are two and a half megabytes, most of them Chinese, which is why
// a function of its own serves the pictures and no other function links this package.
//
// The package must not know requests beyond their headers, nor rows; it shows only
// what every visitor may see, so it asks the use cases as a visitor.
package picture
