// categories
