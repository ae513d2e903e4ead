package portal

// Category is one of the places an idea can be put. Names and descriptions are
// by language tag; "en" is always there.
type Category struct {
	ID          string            `json:"id"`
	Group       string            `json:"group"` // product, experience or involvement
	Name        map[string]string `json:"name"`
	Description map[string]string `json:"description,omitempty"`
}

// Categories is the portal's list, in the order it is shown.
type Categories []Category

// Find returns the category with the id.
func (cs Categories) Find(id string) (Category, bool) {
	for _, c := range cs {
		if c.ID == id {
			return c, true
		}
	}
	return Category{}, false
}

// DefaultCategories are what a portal starts with: the three groups and fifteen
// places that served a large coffee brand's portal for nine years.
func DefaultCategories() Categories {
	c := func(group, id, en, zh string) Category {
		return Category{ID: id, Group: group, Name: map[string]string{"en": en, "zh": zh}}
	}
	return Categories{
		c("product", "coffee", "Coffee & espresso", "咖啡与浓缩"),
		c("product", "blended", "Blended & iced drinks", "冰沙与冰饮"),
		c("product", "tea", "Tea & other drinks", "茶与其他饮品"),
		c("product", "food", "Food", "食品"),
		c("product", "merchandise", "Merchandise & music", "周边与音乐"),
		c("product", "card", "Card & rewards", "会员卡与积分"),
		c("product", "technology", "New technology", "新技术"),
		c("product", "product-other", "Other product ideas", "其他产品点子"),
		c("experience", "ordering", "Ordering, payment & pick-up", "点单、支付与取货"),
		c("experience", "places", "Atmosphere & locations", "氛围与门店"),
		c("experience", "experience-other", "Other experience ideas", "其他体验点子"),
		c("involvement", "community", "Building community", "社区建设"),
		c("involvement", "responsibility", "Social responsibility", "社会责任"),
		c("involvement", "involvement-other", "Other involvement ideas", "其他参与点子"),
		c("involvement", "abroad", "Other countries", "其他国家"),
	}
}
