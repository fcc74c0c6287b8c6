select
    cast(resellers.ResellerKey as varchar) as account_id,
    resellers.ResellerName as account_name,
    resellers.BusinessType as segment,
    geography.EnglishCountryRegionName as country
from read_parquet(getvariable('source_dir') || '/DimReseller.parquet') as resellers
left join read_parquet(getvariable('source_dir') || '/DimGeography.parquet') as geography
    on resellers.GeographyKey = geography.GeographyKey
order by resellers.ResellerKey
