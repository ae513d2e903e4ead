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
	c := func(group, id, en, zh, aboutEn, aboutZh string) Category {
		return Category{ID: id, Group: group, Name: map[string]string{"en": en, "zh": zh}, Description: map[string]string{"en": aboutEn, "zh": aboutZh}}
	}
	return Categories{
		c("product", "coffee", "Coffee & espresso", "咖啡与浓缩", "Brewed coffee, espresso drinks, beans and roasts.", "现煮咖啡、浓缩饮品、咖啡豆与烘焙。"),
		c("product", "blended", "Blended & iced drinks", "冰沙与冰饮", "Everything cold: blended, shaken or over ice.", "一切冰饮：冰沙、摇制或加冰。"),
		c("product", "tea", "Tea & other drinks", "茶与其他饮品", "Tea, chocolate, juice and all that is not coffee.", "茶、巧克力、果汁，以及一切非咖啡饮品。"),
		c("product", "food", "Food", "食品", "Breakfast, bakery, sandwiches, sweets, special diets.", "早餐、烘焙、三明治、甜点与特殊饮食。"),
		c("product", "merchandise", "Merchandise & music", "周边与音乐", "Mugs, machines, gifts, and the music in the shops.", "杯子、咖啡机、礼品和店里的音乐。"),
		c("product", "card", "Card & rewards", "会员卡与积分", "Paying with the card, collecting and using rewards.", "用卡支付，积分的累积与使用。"),
		c("product", "technology", "New technology", "新技术", "The app, the website, wireless networks, gadgets.", "应用、网站、无线网络与新设备。"),
		c("product", "product-other", "Other product ideas", "其他产品点子", "Products that fit none of the others.", "不属于以上各类的产品。"),
		c("experience", "ordering", "Ordering, payment & pick-up", "点单、支付与取货", "Queues, ordering ahead, paying, taking away, delivery.", "排队、提前点单、支付、外带与外送。"),
		c("experience", "places", "Atmosphere & locations", "氛围与门店", "Seats, light, sound, opening hours, new shops.", "座位、灯光、声音、营业时间与新门店。"),
		c("experience", "experience-other", "Other experience ideas", "其他体验点子", "Anything else about a visit.", "关于到店体验的其他想法。"),
		c("involvement", "community", "Building community", "社区建设", "Events, neighbourhoods, people meeting people.", "活动、邻里，以及人与人的相遇。"),
		c("involvement", "responsibility", "Social responsibility", "社会责任", "Environment, fair trade, waste, helping others.", "环境、公平贸易、减少浪费与帮助他人。"),
		c("involvement", "involvement-other", "Other involvement ideas", "其他参与点子", "Other ways to take part.", "其他参与方式。"),
		c("involvement", "abroad", "Other countries", "其他国家", "Ideas for shops in a particular country.", "针对某个国家门店的想法。"),
	}
}
