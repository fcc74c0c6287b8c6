"""Whether the SQL of the models is SQL of other engines too, without any of them."""
