-- grain: one row per acquisition channel and month, `unknown` included
{{ customer_dimension_monthly('channel', with_visitors=true) }}
