{{- define "autodetective.labels" -}}
app.kubernetes.io/name: autodetective
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{ include "autodetective.selector" . }}
{{- end }}

{{- /* What tells one process of one service from all others. */ -}}
{{- define "autodetective.selector" -}}
app.kubernetes.io/part-of: {{ .root.Release.Name }}
autodetective/service: {{ .service }}
{{- with .process }}
autodetective/process: {{ . }}
{{- end }}
{{- end }}

{{- define "autodetective.name" -}}
{{ .root.Release.Name }}-{{ .service }}{{ with .process }}-{{ . }}{{ end }}
{{- end }}

{{- define "autodetective.image" -}}
{{- $image := .root.Values.image -}}
{{ with $image.registry }}{{ . }}/{{ end }}autodetective/{{ .service }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "autodetective.claim" -}}
{{ .of.storage.existingClaim | default (printf "%s-%s-data" .root.Release.Name .service) }}
{{- end }}

{{- /* Whether files lie in a bucket, so that nothing has to be kept on a volume; "" is false. */ -}}
{{- define "autodetective.inBucket" -}}
{{- if and (eq .service "cabinet") (get (.of.settings | default dict) "FILES_URL") }}true{{ end }}
{{- end }}

{{- /* What any container of ours may do: write to /data and /tmp, and nothing that an ordinary user may not. */ -}}
{{- define "autodetective.container" -}}
image: {{ include "autodetective.image" . }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
env:
{{- $prefix := upper .service }}
{{- $peer := ternary "bpa" "cabinet" (eq .service "cabinet") }}
{{- $cabinet := .root.Values.services.cabinet }}
{{- $settings := dict
  "ENVIRONMENT" .root.Values.environment
  "HOST" "0.0.0.0"
  "PORT" "8000"
  "PUBLIC_URL" (printf "https://%s" .of.host)
  "PEER_URL" (printf "http://%s-%s-api:8000" .root.Release.Name $peer)
  "TRUSTED_PROXIES" .root.Values.trustedProxies
  "SECRETS_DIR" "/run/secrets"
  "LOG_FORMAT" "json" }}
{{- if .root.Values.traces.url }}
{{- $settings = merge $settings (dict "OTLP_URL" .root.Values.traces.url "TRACE_RATIO" .root.Values.traces.ratio) }}
{{- end }}
{{- if eq .service "cabinet" }}
{{- $settings = merge $settings (dict "FILES_DIR" "/data/files" "OUTBOX_DIR" "/data/outbox") }}
{{- else }}
{{- $photos := printf "https://%s" $cabinet.host }}
{{- $settings = merge $settings (dict "PHOTOS_URL" $photos "IMPORTS_DIR" "/data/imports" "DROP_FOLDER" "/data/drop") }}
{{- end }}
{{- if and (eq .service "cabinet") (eq .process "worker") }}
{{- $_ := set $settings "REPORT_KEY" "/keys/reports.pem" }}
{{- end }}
{{- if .of.erasuresClaim }}
{{- $_ := set $settings "ERASURES_FILE" "/erasures/ledger" }}
{{- end }}
{{- range $name, $value := merge (dict) (.of.settings | default dict) $settings }}
  - {name: {{ $prefix }}_{{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{- define "autodetective.pod" -}}
serviceAccountName: {{ .root.Release.Name }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- end }}
