-- Payloads that hold a PIN were kept with a hash that PINs can be tried against, and some with the PIN itself: those of
-- another shape than staff.save's. Neither can be mended, so both go. An operation of these that is sent once more is
-- taken for another one under a used key, and refused: nothing happens twice.
update sync_operation set
  payload_hash = 'keyed:' || md5(random()::text || client_op_id::text),
  details = case when code = 'PAYLOAD_HASH_MISMATCH' then null else details end,
  payload = case
    when type = 'staff.save' and json_typeof(payload) = 'object' and payload::text !~* '"pin"\s*:' then payload
  end
where type = 'staff.save' or payload::text ~* '"pin"\s*:';
