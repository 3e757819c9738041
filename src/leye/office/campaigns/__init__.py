"""Job fairs and rounds of public posts: many people placed on few posts at once, chosen and signed by people, invited with consent."""
