-- grain: one row per account segment and month, `unknown` included
{{ customer_dimension_monthly('segment') }}
