"""指标库 at the office: the nightly's vintage goes in, pages and the API ask."""
