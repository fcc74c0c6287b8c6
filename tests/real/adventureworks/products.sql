-- The key of a version of the product, as in the sales: the versions differ in cost and list price.
select
    cast(products.ProductKey as varchar) as product_id,
    products.EnglishProductName as product_name,
    categories.EnglishProductCategoryName as category,
    cast(products.ListPrice as decimal(18, 4)) as list_price,
    cast(products.StandardCost as decimal(18, 4)) as unit_cost,
    'USD' as currency
from read_parquet(getvariable('source_dir') || '/DimProduct.parquet') as products
left join read_parquet(getvariable('source_dir') || '/DimProductSubcategory.parquet') as subcategories
    on products.ProductSubcategoryKey = subcategories.ProductSubcategoryKey
left join read_parquet(getvariable('source_dir') || '/DimProductCategory.parquet') as categories
    on subcategories.ProductCategoryKey = categories.ProductCategoryKey
order by products.ProductKey
