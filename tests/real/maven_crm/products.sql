select
    product as product_id,
    product as product_name,
    series as category,
    sales_price as list_price,
    'USD' as currency
from read_csv(getvariable('source_dir') || '/products.csv', all_varchar = true)
