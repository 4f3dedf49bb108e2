"""Countries with their codes, and cities, for rows that are made up."""

COUNTRIES = (
    ("Germany", "DE"), ("France", "FR"), ("Spain", "ES"), ("Italy", "IT"), ("Portugal", "PT"), ("Poland", "PL"), ("Switzerland", "CH"),
    ("Austria", "AT"), ("Belgium", "BE"), ("Ireland", "IE"), ("Denmark", "DK"), ("Sweden", "SE"), ("Norway", "NO"), ("Finland", "FI"),
    ("Netherlands", "NL"), ("United Kingdom", "GB"), ("United States", "US"), ("Canada", "CA"), ("Mexico", "MX"), ("Brazil", "BR"),
    ("Japan", "JP"), ("India", "IN"), ("Australia", "AU"), ("Singapore", "SG"), ("South Africa", "ZA"),
)  # fmt: skip
CITIES = (
    "Berlin", "Hamburg", "Munich", "Paris", "Lyon", "Madrid", "Seville", "Rome", "Turin", "Lisbon", "Porto", "Warsaw", "Zurich", "Geneva",
    "Vienna", "Brussels", "Dublin", "Cork", "Copenhagen", "Stockholm", "Oslo", "Helsinki", "Amsterdam", "Rotterdam", "London", "Leeds",
    "Bristol", "Boston", "Chicago", "Denver", "Austin", "Seattle", "Toronto", "Montreal", "Tokyo", "Osaka", "Sydney", "Perth",
    "Mumbai", "Pune",
)  # fmt: skip
