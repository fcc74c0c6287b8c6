-- Dirt that only text can hold: columns of Parquet files have types. All columns are text here.
create macro same_instant_in_paris(instant) as strftime(
    cast(rtrim(instant, 'Z') as timestamp) + to_hours(hours_ahead_of_utc(cast(rtrim(instant, 'Z') as date))),
    '%Y-%m-%dT%H:%M:%S'
) || '+0' || hours_ahead_of_utc(cast(rtrim(instant, 'Z') as date)) || ':00';

insert into work.plants values
('decimal_comma', 'order_lines', 'change', 2, 0, 'unit_price is not null', '''12,50'' as unit_price', 'quarantined', 'not_a_decimal'),
('decimal_comma', 'campaign_spend', 'change', 1, 0, 'true', '''112,50'' as amount', 'quarantined', 'not_a_decimal'),
('scientific_notation', 'order_lines', 'change', 1, 0, 'line_amount is not null', '''1e3'' as line_amount', 'quarantined', 'not_a_decimal'),
('scientific_notation', 'targets', 'change', 1, 0, 'entity_type = ''rep''', '''1e4'' as target_value', 'quarantined', 'not_a_decimal'),
('words_for_a_number', 'opportunities', 'change', 2, 0, 'stage = ''lost''', '''n/a'' as amount', 'quarantined', 'not_a_decimal'),
('words_for_a_number', 'returns', 'change', 1, 0, 'true', '''n/a'' as refund_amount', 'quarantined', 'not_a_decimal'),
('blank_in_a_number', 'operating_costs', 'change', 1, 0, 'true', '''1 250.00'' as amount', 'quarantined', 'not_a_decimal'),
('short_date', 'opportunities', 'change', 1, 0, 'stage = ''lost''', '''2024-1-5'' as close_date', 'quarantined', 'not_a_date'),
('french_date', 'subscriptions', 'change', 1, 0, 'ended_on is not null', '''31/02/2024'' as ended_on', 'quarantined', 'not_a_date'),
('impossible_date', 'opportunities', 'change', 1, 0, 'stage = ''lost''', '''2024-02-30'' as close_date', 'quarantined', 'not_a_date'),
('impossible_date_in_key', 'exchange_rates', 'change', 1, 0, 'true', '''2024-02-30'' as rate_date', 'quarantined', 'not_a_date'),
('impossible_hour', 'activities', 'change', 2, 0, 'true', '''2024-05-06T25:10:00Z'' as started_at', 'quarantined', 'not_a_timestamp'),
('french_timestamp', 'leads', 'change', 1, 0, 'converted_at is null', '''06/05/2024 10:00'' as created_at', 'quarantined', 'not_a_timestamp'),
('words_for_a_timestamp', 'orders', 'change', 1, 0, 'opportunity_id is null', '''yesterday'' as ordered_at', 'quarantined', 'not_a_timestamp'),
('fraction_of_an_integer', 'activities', 'change', 2, 0, 'activity_type = ''call''', '''2.5'' as duration_seconds', 'quarantined', 'not_an_integer'),
('fraction_of_an_integer', 'web_visits', 'change', 1, 0, 'true', '''2.5'' as visitors', 'quarantined', 'not_an_integer'),
('words_for_a_boolean', 'opportunities', 'change', 1, 0, 'stage = ''lost''', '''maybe'' as is_won', 'quarantined', 'not_a_boolean'),
('many_decimals', 'order_lines', 'change', 3, 0, 'unit_price like ''%.%''', 'unit_price || ''0123456'' as unit_price', 'kept', null),
('many_decimals', 'exchange_rates', 'change', 1, 0, 'rate like ''%.%''', 'rate || ''1234567'' as rate', 'kept', null),
('blanks_around_a_number', 'order_lines', 'change', 1, 0, 'true', ''' '' || quantity || '' '' as quantity', 'kept', null),
('blank_text', 'accounts', 'change', 2, 0, 'true', '''   '' as industry', 'kept', null),
('other_words_for_a_boolean', 'opportunities', 'change', 3, 0, 'is_closed = ''true'' and stage = ''lost''', '''YES'' as is_closed, ''f'' as is_won', 'kept', null),
('timestamp_with_offset', 'orders', 'change', 12, 0.001, 'true', 'same_instant_in_paris(ordered_at) as ordered_at', 'kept', null),
('timestamp_with_offset', 'leads', 'change', 5, 0.001, 'true', 'same_instant_in_paris(created_at) as created_at', 'kept', null),
('timestamp_without_offset', 'tickets', 'change', 3, 0, 'true', 'rtrim(opened_at, ''Z'') as opened_at', 'kept', null),
('timestamp_with_fraction', 'orders', 'change', 2, 0, 'ordered_at like ''%Z''', 'replace(ordered_at, ''Z'', ''.250Z'') as ordered_at', 'kept', null),
('date_for_a_timestamp', 'leads', 'change', 4, 0, 'converted_at is null', 'left(created_at, 10) as created_at', 'kept', null),
('date_for_a_timestamp', 'reviews', 'change', 3, 0, 'replied_at is null', 'left(reviewed_at, 10) as reviewed_at', 'kept', null);
