-- Dirt that touches one row at a time. For each line, `least` rows plus `share` of the table are chosen among the rows that
-- are still clean and meet `where_row`, and the expressions of `changes` replace their values.
--   copy    the changed row is added beside the original
--   change  the changed row takes the place of the original
--   mark    rows that an earlier file has marked already
-- `outcome` is what becomes of the planted row: kept, quarantined (with `reason`), older_version or deleted. Where a copy
-- is the newest version, it is the original that becomes an older version: outcome `deleted` of a copy.
create table work.plants (
    kind varchar, table_name varchar, action varchar, least integer, share double, where_row varchar, changes varchar,
    outcome varchar, reason varchar
);

-- Versions of the same key.
insert into work.plants values
('older_version', 'accounts', 'copy', 3, 0.002, 'updated_at is not null', '''SMB'' as segment, updated_at - interval 40 day as updated_at', 'older_version', null),
('older_version', 'activities', 'copy', 5, 0.0008, 'updated_at is not null', 'null as outcome, null as duration_seconds, updated_at - interval 1 hour as updated_at', 'older_version', null),
('older_version', 'campaign_spend', 'copy', 2, 0.001, 'true', 'amount + 10 as amount, updated_at - interval 1 day as updated_at', 'older_version', null),
('older_version', 'contacts', 'copy', 2, 0.001, 'true', 'null as phone, updated_at - interval 30 minute as updated_at', 'older_version', null),
('older_version', 'leads', 'copy', 5, 0.001, 'true', '''new'' as status, null as converted_at, null as account_id, null as opportunity_id, created_at as updated_at', 'older_version', null),
('older_version_of_other_owner', 'leads', 'copy', 4, 0.0002, 'owner_rep_id <> ''R005''', '''R005'' as owner_rep_id, ''new'' as status, created_at as updated_at', 'older_version', null),
('older_version', 'opportunities', 'copy', 4, 0.001, 'is_closed', '''negotiation'' as stage, false as is_closed, false as is_won, 0.75 as probability, updated_at - interval 9 day as updated_at', 'older_version', null),
('older_version', 'order_lines', 'copy', 4, 0.0008, 'true', 'quantity + 1 as quantity, updated_at - interval 2 hour as updated_at', 'older_version', null),
('older_version', 'orders', 'copy', 5, 0.001, 'status = ''completed''', '''open'' as status, updated_at - interval 5 minute as updated_at', 'older_version', null),
('older_version', 'reviews', 'copy', 2, 0.001, 'true', 'null as replied_at, updated_at - interval 7 day as updated_at', 'older_version', null),
('older_version', 'subscriptions', 'copy', 2, 0.001, 'ended_on is not null', 'null as ended_on, updated_at - interval 20 day as updated_at', 'older_version', null),
('older_version', 'survey_responses', 'copy', 2, 0.0005, 'true', '0 as score, updated_at - interval 1 minute as updated_at', 'older_version', null),
('older_version', 'targets', 'copy', 2, 0.0005, 'true', 'target_value * 2 as target_value, updated_at - interval 30 day as updated_at', 'older_version', null),
('older_version', 'tickets', 'copy', 3, 0.001, 'resolved_at is not null', 'null as resolved_at, opened_at as updated_at', 'older_version', null),
('same_updated_at', 'activities', 'copy', 3, 0.0001, 'activity_type = ''call''', '''no_answer'' as outcome, 0 as duration_seconds', 'older_version', null),
('same_updated_at', 'leads', 'copy', 2, 0.0001, 'true', '''contacted'' as status', 'older_version', null),
('same_updated_at', 'opportunities', 'copy', 2, 0.0001, 'true', 'amount + 100 as amount', 'older_version', null),
('same_updated_at', 'orders', 'copy', 3, 0.0001, 'status = ''completed''', '''cancelled'' as status', 'older_version', null),
('version_without_updated_at', 'orders', 'copy', 2, 0, 'status = ''completed''', '''open'' as status, null as updated_at', 'older_version', null),
('version_without_updated_at', 'tickets', 'copy', 1, 0, 'true', '''question'' as ticket_type, null as updated_at', 'older_version', null),
('same_key_twice', 'exchange_rates', 'copy', 1, 0, 'true', 'rate + 0.1 as rate', 'older_version', null),
('same_key_twice', 'holidays', 'copy', 1, 0, 'region is not null', '''Jour férié'' as holiday_name', 'older_version', null),
('same_key_twice', 'operating_costs', 'copy', 1, 0, 'true', 'amount + 1000 as amount', 'older_version', null),
('same_key_twice', 'opportunity_stage_changes', 'copy', 3, 0.0001, 'stage = ''negotiation''', '''proposal'' as stage', 'older_version', null),
('same_key_twice', 'web_visits', 'copy', 3, 0.0001, 'true', 'visitors + 5 as visitors', 'older_version', null);

-- Deletions: the newest version says so, or the only one. A deletion need be valid in its key only.
insert into work.plants values
('tombstone', 'accounts', 'copy', 1, 0.0002, 'account_id in (select account_id from work.accounts where not is_customer) and account_id not in (select merged_into_account_id from raw.accounts where merged_into_account_id is not null) and updated_at < timestamp ''2025-05-01''', 'true as is_deleted, timestamp ''2025-06-01 06:00:00'' as updated_at', 'deleted', null),
('tombstone', 'activities', 'copy', 5, 0.0003, 'updated_at < timestamp ''2025-06-20''', 'true as is_deleted, updated_at + interval 5 day as updated_at', 'deleted', null),
('tombstone', 'leads', 'copy', 4, 0.0005, 'converted_at is null and updated_at < timestamp ''2025-06-01''', 'true as is_deleted, updated_at + interval 20 day as updated_at', 'deleted', null),
('tombstone', 'opportunities', 'copy', 3, 0.0005, 'stage = ''lost'' and updated_at < timestamp ''2025-06-01''', 'true as is_deleted, updated_at + interval 20 day as updated_at', 'deleted', null),
('tombstone', 'order_lines', 'copy', 3, 0.0003, 'updated_at < timestamp ''2025-06-20''', 'true as is_deleted, updated_at + interval 1 day as updated_at', 'deleted', null),
('tombstone', 'orders', 'copy', 3, 0.0005, 'opportunity_id is null and updated_at < timestamp ''2025-06-20''', 'true as is_deleted, updated_at + interval 3 day as updated_at', 'deleted', null),
('tombstone', 'survey_responses', 'copy', 2, 0.0002, 'updated_at < timestamp ''2025-06-01''', 'true as is_deleted, updated_at + interval 6 day as updated_at', 'deleted', null),
('tombstone', 'tickets', 'copy', 2, 0.0005, 'updated_at < timestamp ''2025-06-01''', 'true as is_deleted, updated_at + interval 6 day as updated_at', 'deleted', null),
('tombstone_with_key_only', 'activities', 'copy', 2, 0, 'updated_at < timestamp ''2025-06-20''', 'true as is_deleted, updated_at + interval 2 day as updated_at, null as rep_id, null as activity_type, null as started_at, null as duration_seconds, null as outcome, null as account_id, null as lead_id, null as opportunity_id', 'deleted', null),
('tombstone_with_key_only', 'tickets', 'copy', 1, 0, 'updated_at < timestamp ''2025-06-01''', 'true as is_deleted, updated_at + interval 2 day as updated_at, null as account_id, null as ticket_type, null as opened_at, null as resolved_at, null as severity, null as order_id', 'deleted', null),
('deleted_only_version', 'orders', 'change', 2, 0, 'opportunity_id is null', 'true as is_deleted', 'deleted', null),
('deleted_only_version', 'reviews', 'change', 1, 0, 'true', 'true as is_deleted', 'deleted', null),
('deleted_only_version', 'subscriptions', 'change', 1, 0, 'true', 'true as is_deleted', 'deleted', null);

-- Rows that break the contract whatever the file format.
insert into work.plants values
('no_key', 'activities', 'change', 3, 0, 'true', 'null as activity_id', 'quarantined', 'null_key'),
('no_key', 'leads', 'change', 2, 0, 'converted_at is null', 'null as lead_id', 'quarantined', 'null_key'),
('no_key', 'opportunity_stage_changes', 'change', 1, 0, 'stage = ''proposal''', 'null as changed_at', 'quarantined', 'null_key'),
('no_key', 'survey_responses', 'change', 1, 0, 'true', 'null as response_id', 'quarantined', 'null_key'),
('no_value', 'account_owners', 'change', 1, 0, 'true', 'null as rep_id', 'quarantined', 'missing_value'),
('no_value', 'activities', 'change', 3, 0, 'activity_type <> ''demo''', 'null as rep_id', 'quarantined', 'missing_value'),
('no_value', 'leads', 'change', 1, 0, 'converted_at is null', 'null as created_at', 'quarantined', 'missing_value'),
('no_value', 'operating_costs', 'change', 1, 0, 'true', 'null as amount', 'quarantined', 'missing_value'),
('no_value', 'opportunities', 'change', 1, 0, 'stage = ''lost''', 'null as stage', 'quarantined', 'missing_value'),
('no_value', 'order_lines', 'change', 2, 0, 'true', 'null as quantity', 'quarantined', 'missing_value'),
('no_price_nor_amount', 'order_lines', 'change', 2, 0, 'true', 'null as unit_price, null as line_amount', 'quarantined', 'missing_value'),
('no_value', 'orders', 'change', 1, 0, 'opportunity_id is null', 'null as ordered_at', 'quarantined', 'missing_value'),
('no_value', 'returns', 'change', 1, 0, 'true', 'null as refund_amount', 'quarantined', 'missing_value'),
('no_value', 'reviews', 'change', 1, 0, 'true', 'null as rating', 'quarantined', 'missing_value'),
('no_value', 'subscriptions', 'change', 1, 0, 'true', 'null as mrr', 'quarantined', 'missing_value'),
('no_value', 'survey_invitations', 'change', 1, 0, 'true', 'null as sent_at', 'quarantined', 'missing_value'),
('no_value', 'tickets', 'change', 1, 0, 'true', 'null as opened_at', 'quarantined', 'missing_value'),
('no_value', 'web_visits', 'change', 1, 0, 'true', 'null as visitors', 'quarantined', 'missing_value'),
('unknown_word', 'activities', 'change', 3, 0, 'activity_type = ''email''', '''sms'' as activity_type', 'quarantined', 'out_of_domain'),
('unknown_word', 'operating_costs', 'change', 1, 0, 'true', '''hr'' as cost_category', 'quarantined', 'out_of_domain'),
('unknown_word', 'orders', 'change', 2, 0, 'opportunity_id is null', '''shipped'' as status', 'quarantined', 'out_of_domain'),
('unknown_word', 'survey_responses', 'change', 2, 0, 'true', '''ces'' as survey_type', 'quarantined', 'out_of_domain'),
('unknown_word', 'targets', 'change', 1, 0, 'entity_type = ''team''', '''region'' as entity_type', 'quarantined', 'out_of_domain'),
('lower_case_currency', 'orders', 'change', 1, 0, 'opportunity_id is null', '''eur'' as currency', 'quarantined', 'out_of_domain'),
('probability_above_one', 'opportunities', 'change', 2, 0, 'stage = ''lost''', '1.2 as probability', 'quarantined', 'out_of_domain'),
('negative_refund', 'returns', 'change', 2, 0, 'true', '-refund_amount as refund_amount', 'quarantined', 'out_of_domain'),
('negative_duration', 'activities', 'change', 1, 0, 'activity_type = ''call''', '-30 as duration_seconds', 'quarantined', 'out_of_domain'),
('score_above_scale', 'survey_responses', 'change', 2, 0, 'survey_type = ''nps''', '11 as score', 'quarantined', 'out_of_domain'),
('score_above_scale', 'reviews', 'change', 1, 0, 'platform = ''Google''', '7 as rating', 'quarantined', 'out_of_domain'),
('rate_of_zero', 'exchange_rates', 'change', 1, 0, 'true', '0 as rate', 'quarantined', 'out_of_domain'),
('not_a_first_of_month', 'targets', 'change', 1, 0, 'entity_type = ''rep''', 'target_month + 14 as target_month', 'quarantined', 'out_of_domain'),
('before_1970', 'activities', 'change', 1, 0, 'true', 'timestamp ''1900-01-01 00:00:00'' as started_at', 'quarantined', 'before_1970'),
('before_1970', 'leads', 'change', 1, 0, 'converted_at is null', 'timestamp ''1969-12-31 12:00:00'' as created_at', 'quarantined', 'before_1970'),
('before_1970', 'orders', 'change', 1, 0, 'opportunity_id is null', 'timestamp ''1969-12-31 12:00:00'' as ordered_at', 'quarantined', 'before_1970'),
('reserved_id', 'activities', 'change', 1, 0, 'true', '''unassigned'' as rep_id', 'quarantined', 'reserved_id'),
('reserved_id', 'orders', 'change', 1, 0, 'opportunity_id is null', '''unassigned'' as rep_id', 'quarantined', 'reserved_id'),
('reserved_id', 'reps', 'copy', 1, 0, 'true', '''unassigned'' as rep_id', 'quarantined', 'reserved_id');

-- Ids that no supplied row defines: the event is kept, and its dimension gets an inferred member.
insert into work.plants values
('unknown_rep', 'activities', 'change', 4, 0.00005, 'activity_type = ''call''', '''RX01'' as rep_id', 'kept', null),
('unknown_rep', 'leads', 'change', 2, 0, 'converted_at is null', '''RX02'' as owner_rep_id', 'kept', null),
('unknown_rep', 'orders', 'change', 2, 0, 'opportunity_id is null', '''RX03'' as rep_id', 'kept', null),
('unknown_account', 'orders', 'change', 2, 0.0001, 'opportunity_id is null', '''CX0001'' as account_id', 'kept', null),
('unknown_account', 'tickets', 'change', 1, 0, 'true', '''CX0002'' as account_id', 'kept', null),
('unknown_product', 'order_lines', 'change', 2, 0.0001, 'true', '''PX01'' as product_id, coalesce(unit_cost, 10) as unit_cost', 'kept', null),
('unknown_campaign', 'leads', 'change', 2, 0, 'converted_at is null', '''MX01'' as campaign_id', 'kept', null),
('unknown_team', 'operating_costs', 'change', 2, 0, 'team_id is not null', '''TX1'' as team_id', 'kept', null),
('line_of_unknown_order', 'order_lines', 'copy', 3, 0.0001, 'true', 'order_line_id || ''-X'' as order_line_id, ''OX0001'' as order_id', 'kept', 'order_unknown'),
('return_of_unknown_order', 'returns', 'copy', 2, 0, 'true', 'return_id || ''-X'' as return_id, ''OX0002'' as order_id, null as order_line_id', 'kept', 'order_unknown'),
('return_of_cancelled_order', 'returns', 'copy', 2, 0, 'true', 'return_id || ''-Y'' as return_id, (select min(order_id) from raw.orders where status = ''cancelled'' and is_deleted is null) as order_id, null as order_line_id', 'kept', 'order_not_completed');

-- Rows that are right but rare: late, out of order, or on the edge of a day, a month or summer time (business dates are Paris').
insert into work.plants values
('late_row', 'activities', 'change', 6, 0.0003, 'updated_at is not null and started_at < timestamp ''2024-04-01''', 'updated_at + interval 330 day as updated_at', 'kept', null),
('late_row', 'leads', 'change', 2, 0.0002, 'created_at < timestamp ''2024-04-01''', 'updated_at + interval 300 day as updated_at', 'kept', null),
('converted_before_created', 'leads', 'change', 3, 0.0001, 'converted_at is not null and opportunity_id is null and created_at > timestamp ''2023-02-01''', 'created_at - interval 3 day as converted_at, null as account_id', 'kept', null),
('same_person_in_other_case', 'leads', 'copy', 5, 0.0002, 'email is not null and converted_at is null and created_at < timestamp ''2025-05-01''', 'lead_id || ''B'' as lead_id, created_at + interval 12 day as created_at, updated_at + interval 12 day as updated_at, upper(email) as email', 'kept', null),
('month_end_is_next_day', 'orders', 'change', 2, 0, 'ordered_at >= timestamp ''2023-12-01'' and ordered_at < timestamp ''2024-01-01'' and opportunity_id is null and status = ''completed''', 'timestamp ''2023-12-31 23:30:00'' as ordered_at, timestamp ''2024-01-02 08:00:00'' as updated_at', 'kept', null),
('summer_time_starts', 'orders', 'change', 2, 0, 'ordered_at >= timestamp ''2024-03-01'' and ordered_at < timestamp ''2024-04-01'' and opportunity_id is null and status = ''completed''', 'timestamp ''2024-03-31 00:30:00'' as ordered_at, timestamp ''2024-04-02 08:00:00'' as updated_at', 'kept', null),
('summer_month_end_is_next_day', 'orders', 'change', 2, 0, 'ordered_at >= timestamp ''2024-03-01'' and ordered_at < timestamp ''2024-04-01'' and opportunity_id is null and status = ''completed''', 'timestamp ''2024-03-31 22:00:00'' as ordered_at, timestamp ''2024-04-02 08:00:00'' as updated_at', 'kept', null),
('last_second_of_month', 'orders', 'change', 1, 0, 'ordered_at >= timestamp ''2024-06-01'' and ordered_at < timestamp ''2024-07-01'' and opportunity_id is null and status = ''completed''', 'timestamp ''2024-06-30 21:59:59'' as ordered_at, timestamp ''2024-07-02 08:00:00'' as updated_at', 'kept', null),
('summer_time_ends', 'leads', 'change', 2, 0, 'created_at >= timestamp ''2024-10-01'' and created_at < timestamp ''2024-11-01'' and converted_at is null', 'timestamp ''2024-10-27 00:30:00'' as created_at, timestamp ''2024-11-02 08:00:00'' as updated_at', 'kept', null),
('leap_day', 'tickets', 'change', 1, 0, 'opened_at >= timestamp ''2024-02-01'' and opened_at < timestamp ''2024-03-01''', 'timestamp ''2024-02-29 22:59:59'' as opened_at, null as resolved_at', 'kept', null),
('midnight', 'activities', 'change', 2, 0, 'started_at >= timestamp ''2024-05-01'' and started_at < timestamp ''2024-06-01''', 'timestamp ''2024-05-14 22:00:00'' as started_at', 'kept', null),
('never_live', 'subscriptions', 'change', 2, 0, 'ended_on is not null and started_on < date ''2025-01-01''', 'started_on as ended_on', 'kept', null);

-- Marked while the company was made.
insert into work.plants
select kind, table_name, 'mark', 0, 0, 'true', null, case when kind = 'price_history' then 'older_version' else 'kept' end, null
from (select distinct kind, table_name from work.planted)
order by kind, table_name;
