#!/bin/sh
# The first inspection in five requests: sh first_inspection.sh PHOTO. Needs curl and jq.
set -eu
photo=$1
api="$AUTODETECTIVE_URL/api/v1"
key="Authorization: Bearer $AUTODETECTIVE_KEY"

# 1. A draft with the car's number. The number of your order is a good Idempotency-Key.
id=$(curl -sS --fail-with-body -X POST "$api/inspections" -H "$key" \
  -H "Idempotency-Key: order-$ORDER" -H "Content-Type: application/json" \
  -d '{"claim": {"identifier": "SAL1A2A40SA606662", "make": "Land Rover"}, "worry": "Is the number genuine?"}' |
  jq -r .id)

# 2. A photo of the number.
curl -sS --fail-with-body -o /dev/null -X POST "$api/inspections/$id/evidence" -H "$key" \
  -H "Idempotency-Key: photo-$ORDER" \
  -F shot=vin_stamped -F sha256="$(sha256sum "$photo" | cut -d' ' -f1)" -F "file=@$photo;type=image/jpeg"

# 3. Send it to the experts: the 20 minutes begin.
curl -sS --fail-with-body -o /dev/null -X POST "$api/inspections/$id/submit" -H "$key" \
  -H "Idempotency-Key: submit-$ORDER"

# 4. Ask until it is answered. A webhook spares you this.
until state=$(curl -sS --fail-with-body "$api/inspections/$id" -H "$key" | jq -r .state) && [ "$state" = answered ]
do
  case $state in cancelled | unprocessable | expired | null) echo "no answer: $state" >&2; exit 1 ;; esac
  sleep "${PAUSE:-15}"
done

# 5. The report of the first version of the answer; a moment after the answer it is 404, report_not_ready.
curl -sS --fail-with-body --retry 10 --retry-delay 2 --retry-all-errors \
  "$api/inspections/$id/reports/1?language=en" -H "$key" | jq '{version, code, sha256}'
