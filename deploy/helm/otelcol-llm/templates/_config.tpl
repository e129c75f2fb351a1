{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* What every component has: limits of memory, the endpoints of metrics and health, and its own telemetry. */}}
{{- define "otelcol-llm.config.base" -}}
processors:
  memory_limiter:
    check_interval: 1s
    # Refuses data when three quarters of the memory limit, GOMEMLIMIT, are in use; garbage it collects first.
    limit_percentage: 90
    spike_limit_percentage: 15
    min_gc_interval_when_soft_limited: 0s
exporters:
  prometheus:
    endpoint: ${env:OTELCOL_LLM_HOST}:9464
    resource_to_telemetry_conversion: {enabled: true}
    enable_open_metrics: true
  {{- with .Values.metrics.otlp }}
  {{- if .endpoint }}
  otlp_grpc/metrics:
    endpoint: {{ .endpoint | quote }}
    tls: {insecure: {{ .insecure }}}
  {{- end }}
  {{- end }}
  {{- with .Values.metrics.remoteWrite.endpoint }}
  prometheus_remote_write:
    endpoint: {{ . | quote }}
    resource_to_telemetry_conversion: {enabled: true}
  {{- end }}
extensions:
  health_check:
    endpoint: ${env:OTELCOL_LLM_HOST}:13133
service:
  extensions: [health_check]
  telemetry:
    metrics:
      level: detailed
      views:
        - selector: {instrument_name: rpc.server.call.duration}
          stream: &by_status
            attribute_keys: {included: [rpc.method, rpc.response.status_code, http.route, http.response.status_code]}
            aggregation: {explicit_bucket_histogram: {boundaries: [0.01, 0.1, 1, 10]}}
        - {selector: {instrument_name: http.server.request.duration}, stream: *by_status}
        - {selector: {instrument_name: http.server.*.body.size}, stream: &none {aggregation: {drop: {}}}}
        - {selector: {instrument_name: http.client.*}, stream: *none}
        - {selector: {instrument_name: rpc.client.*}, stream: *none}
        - {selector: {instrument_name: otelcol_processor_internal_duration}, stream: *none}
        - {selector: {instrument_name: otelcol_processor_batch_batch_send_size_bytes}, stream: *none}
        - {selector: {instrument_name: otelcol_exporter_enqueue_size*}, stream: *none}
        - {selector: {instrument_name: otelcol_exporter_queue_batch_send_size*}, stream: *none}
        - selector: {instrument_name: otelcol_exporter_send_failed_*}
          stream: {attribute_keys: {excluded: [error.type, error.permanent]}}
      readers:
        - pull:
            exporter:
              prometheus:
                host: ${env:OTELCOL_LLM_HOST}
                port: 8888
{{- end }}

{{/* The exporters of metrics, as a list. */}}
{{- define "otelcol-llm.config.metricsExporters" -}}
[prometheus{{ if .Values.metrics.otlp.endpoint }}, otlp_grpc/metrics{{ end }}{{ if .Values.metrics.remoteWrite.endpoint }}, prometheus_remote_write{{ end }}]
{{- end }}

{{/* Receives spans of programs, with TLS and authentication where they are asked for. */}}
{{- define "otelcol-llm.config.otlp" -}}
protocols:
  grpc:
    endpoint: ${env:OTELCOL_LLM_HOST}:4317
    max_recv_msg_size_mib: 128
    {{- include "otelcol-llm.config.otlpSecurity" . | nindent 4 }}
  http:
    endpoint: ${env:OTELCOL_LLM_HOST}:4318
    max_request_body_size: 134217728
    {{- include "otelcol-llm.config.otlpSecurity" . | nindent 4 }}
{{- end }}

{{- define "otelcol-llm.config.otlpSecurity" -}}
{{- if .Values.tls.secretName }}
tls:
  cert_file: /etc/otelcol-llm-tls/tls.crt
  key_file: /etc/otelcol-llm-tls/tls.key
  reload_interval: 1m
  {{- if .Values.tls.clientCASecretName }}
  client_ca_file: /etc/otelcol-llm-client-ca/ca.crt
  client_ca_file_reload: true
  {{- end }}
{{- end }}
{{- if .Values.auth.bearer.secretName }}
auth: {authenticator: bearertokenauth}
{{- else if .Values.auth.basic.secretName }}
auth: {authenticator: basicauth}
{{- end }}
{{- end }}

{{/* The authenticator as an extension, or nothing. */}}
{{- define "otelcol-llm.config.auth" -}}
{{- if .Values.auth.bearer.secretName }}
extensions:
  bearertokenauth:
    filename: /etc/otelcol-llm-auth/{{ .Values.auth.bearer.key }}
service:
  extensions: [health_check, bearertokenauth]
{{- else if .Values.auth.basic.secretName }}
extensions:
  basicauth:
    htpasswd: {file: /etc/otelcol-llm-auth/{{ .Values.auth.basic.key }}}
service:
  extensions: [health_check, basicauth]
{{- end }}
{{- end }}

{{/* Counts where spans and log events come in, and sends them on where there is a store for them. */}}
{{- define "otelcol-llm.config.count" -}}
processors:
  llm_span_metrics:
    {{- with .root.Values.spanMetrics }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    collector_id: ${env:OTELCOL_LLM_POD}
connectors:
  llm_span_metrics:
{{- if or .root.Values.traces.otlp.endpoint .root.Values.logs.otlp.endpoint }}
exporters:
{{- end }}
{{- range $signal := list "traces" "logs" }}
{{- with (index $.root.Values $signal).otlp }}
{{- if .endpoint }}
  otlp_grpc/{{ $signal }}:
    endpoint: {{ .endpoint | quote }}
    tls: {insecure: {{ .insecure }}}
{{- end }}
{{- end }}
{{- end }}
service:
  pipelines:
    # Coding agents send requests as log events.
    logs:
      receivers: [{{ .from }}]
      processors: [memory_limiter, llm_span_metrics]
      exporters: [llm_span_metrics{{ if .root.Values.logs.otlp.endpoint }}, otlp_grpc/logs{{ end }}]
    traces:
      receivers: [{{ .from }}]
      processors: [memory_limiter, llm_span_metrics]
      exporters: [llm_span_metrics{{ if .root.Values.traces.otlp.endpoint }}, otlp_grpc/traces{{ end }}]
    metrics:
      receivers: [llm_span_metrics]
      exporters: {{ include "otelcol-llm.config.metricsExporters" .root }}
{{- end }}

{{/* Reads the pages of engines whose pods have the label; on one node or on all. */}}
{{- define "otelcol-llm.config.engines" -}}
receivers:
  prometheus:
    config:
      scrape_configs:
        - job_name: llm-engines
          scrape_interval: {{ .root.Values.engines.interval }}
          kubernetes_sd_configs:
            - role: pod
              selectors:
                - role: pod
                  label: {{ .root.Values.engines.labelSelector | quote }}
                  {{- if .node }}
                  field: spec.nodeName=${env:OTELCOL_LLM_NODE}
                  {{- end }}
              {{- with .root.Values.engines.namespaces }}
              namespaces: {names: {{ toJson . }}}
              {{- end }}
          relabel_configs:
            - {source_labels: [__meta_kubernetes_pod_phase], regex: Pending|Succeeded|Failed, action: drop}
            - {source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_path], regex: (.+), target_label: __metrics_path__}
            - {source_labels: [__meta_kubernetes_pod_ip], target_label: __address__, replacement: "$${1}:{{ .root.Values.engines.defaultPort }}"}
            - source_labels: [__meta_kubernetes_pod_ip, __meta_kubernetes_pod_annotation_prometheus_io_port]
              regex: (.+);(\d+)
              target_label: __address__
              replacement: "$${1}:$${2}"
            # One job for each application, as service.name on its spans.
            - {source_labels: [__meta_kubernetes_pod_label_app], regex: (.+), target_label: job}
            - {source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_name], regex: (.+), target_label: job}
            - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
            - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
processors:
  llm_engine:
    keep_source: false
    keep_others: false
  {{- with .root.Values.clusterName }}
  resource/cluster:
    attributes: [{key: k8s.cluster.name, value: {{ . | quote }}, action: upsert}]
  {{- end }}
service:
  pipelines:
    metrics/engine:
      receivers: [prometheus]
      processors: [memory_limiter, llm_engine{{ if .root.Values.clusterName }}, resource/cluster{{ end }}]
      exporters: {{ include "otelcol-llm.config.metricsExporters" .root }}
{{- end }}

{{- define "otelcol-llm.config.gpus" -}}
receivers:
  llm_gpu:
    {{- with .Values.agent.gpus.libraryPath }}
    library_path: {{ . | quote }}
    {{- end }}
    {{- if .Values.agent.hostFiles.enabled }}
    root_path: /host
    processes: {enabled: true}
    {{- end }}
    {{- if .Values.agent.podResources.enabled }}
    pods:
      enabled: true
      {{- if .Values.agent.podResources.resourceSlices }}
      resource_slices: {enabled: true, node: "${env:OTELCOL_LLM_NODE}"}
      {{- end }}
    {{- end }}
processors:
  resource/node:
    attributes:
      - {key: host.name, value: "${env:OTELCOL_LLM_NODE}", action: upsert}
      - {key: k8s.node.name, value: "${env:OTELCOL_LLM_NODE}", action: upsert}
      {{- with .Values.clusterName }}
      - {key: k8s.cluster.name, value: {{ . | quote }}, action: upsert}
      {{- end }}
service:
  pipelines:
    metrics/gpu:
      receivers: [llm_gpu]
      processors: [memory_limiter, resource/node]
      exporters: {{ include "otelcol-llm.config.metricsExporters" . }}
    {{- if .Values.logs.otlp.endpoint }}
    # Events of the driver, such as XIDs.
    logs/gpu:
      receivers: [llm_gpu]
      processors: [memory_limiter, resource/node]
      exporters: [otlp_grpc/logs]
    {{- end }}
{{- with .Values.logs.otlp }}
{{- if .endpoint }}
exporters:
  otlp_grpc/logs:
    endpoint: {{ .endpoint | quote }}
    tls: {insecure: {{ .insecure }}}
{{- end }}
{{- end }}
{{- end }}

{{- define "otelcol-llm.config.single" -}}
{{- $config := include "otelcol-llm.config.base" . | fromYaml -}}
{{- $otlp := dict "receivers" (dict "otlp" (include "otelcol-llm.config.otlp" . | fromYaml)) -}}
{{- $count := include "otelcol-llm.config.count" (dict "root" . "from" "otlp") | fromYaml -}}
{{- $config = mustMergeOverwrite $config $otlp $count (include "otelcol-llm.config.auth" . | fromYaml) -}}
{{- if .Values.engines.enabled }}
{{- $config = mustMergeOverwrite $config (include "otelcol-llm.config.engines" (dict "root" . "node" false) | fromYaml) -}}
{{- end }}
{{- mustMergeOverwrite $config (deepCopy .Values.single.config) | toYaml }}
{{- end }}

{{/*
Each gateway takes spans of programs on 4317 and 4318, sends them on by trace id to one of the gateways, and counts what
the gateways send it on 4319.
*/}}
{{- define "otelcol-llm.config.gateway" -}}
{{- $config := include "otelcol-llm.config.base" . | fromYaml -}}
{{- $receivers := dict "otlp" (include "otelcol-llm.config.otlp" . | fromYaml) -}}
{{- $balance := include "otelcol-llm.config.balance" . | fromYaml -}}
{{- $count := include "otelcol-llm.config.count" (dict "root" . "from" "otlp/gateways") | fromYaml -}}
{{- $config = mustMergeOverwrite $config (dict "receivers" $receivers) $count $balance (include "otelcol-llm.config.auth" . | fromYaml) -}}
{{- if and .Values.engines.enabled (not .Values.agent.enabled) }}
{{- fail "engines.enabled needs agent.enabled or single.enabled: gateways would each read every engine" }}
{{- end }}
{{- mustMergeOverwrite $config (deepCopy .Values.gateway.config) | toYaml }}
{{- end }}

{{/* How spans and log events get to the gateways. */}}
{{- define "otelcol-llm.config.toGateways" -}}
resolver:
  # Only gateways that are ready have a name; the resolver k8s would also take those that start or end.
  dns:
    hostname: {{ include "otelcol-llm.fullname" . }}-gateways.{{ .Release.Namespace }}.svc
    port: "4319"
    interval: 2s
sending_queue: {enabled: false}
retry_on_failure: {enabled: true, initial_interval: 250ms, max_interval: 1s, max_elapsed_time: 8s}
protocol:
  otlp:
    sending_queue: {enabled: false}
    retry_on_failure: {enabled: false}
    compression: none
    {{- if .Values.gateway.tls.secretName }}
    tls:
      cert_file: /etc/otelcol-llm-gateways-tls/tls.crt
      key_file: /etc/otelcol-llm-gateways-tls/tls.key
      ca_file: /etc/otelcol-llm-gateways-tls/ca.crt
      reload_interval: 1m
      # They are called by address.
      server_name_override: {{ include "otelcol-llm.fullname" . }}-gateways.{{ .Release.Namespace }}.svc
    {{- else }}
    tls: {insecure: true}
    {{- end }}
{{- end }}

{{- define "otelcol-llm.config.balance" -}}
receivers:
  otlp/gateways:
    protocols:
      grpc:
        endpoint: ${env:OTELCOL_LLM_HOST}:4319
        max_recv_msg_size_mib: 128
        {{- if .Values.gateway.tls.secretName }}
        tls:
          cert_file: /etc/otelcol-llm-gateways-tls/tls.crt
          key_file: /etc/otelcol-llm-gateways-tls/tls.key
          client_ca_file: /etc/otelcol-llm-gateways-tls/ca.crt
          client_ca_file_reload: true
          reload_interval: 1m
        {{- end }}
exporters:
  # A sender is answered when the gateways that count have taken its spans. Nothing waits here, so that nothing is lost
  # with a pod. What a gateway refuses or is away for is chosen a gateway anew; one that has its part already knows it again.
  load_balancing:
    routing_key: traceID
    {{- include "otelcol-llm.config.toGateways" . | nindent 4 }}
  # Log events have no trace: those of a session go to the same gateway.
  load_balancing/logs:
    routing_key: attributes
    routing_attributes: [service.name, session.id, conversation.id]
    {{- include "otelcol-llm.config.toGateways" . | nindent 4 }}
service:
  pipelines:
    traces/balance:
      receivers: [otlp]
      processors: [memory_limiter]
      exporters: [load_balancing]
    logs/balance:
      receivers: [otlp]
      processors: [memory_limiter]
      exporters: [load_balancing/logs]
{{- end }}

{{- define "otelcol-llm.config.agent" -}}
{{- $config := include "otelcol-llm.config.base" . | fromYaml -}}
{{- if .Values.agent.gpus.enabled }}
{{- $config = mustMergeOverwrite $config (include "otelcol-llm.config.gpus" . | fromYaml) -}}
{{- end }}
{{- if and .Values.engines.enabled (not .Values.single.enabled) }}
{{- $config = mustMergeOverwrite $config (include "otelcol-llm.config.engines" (dict "root" . "node" true) | fromYaml) -}}
{{- end }}
{{- $config = mustMergeOverwrite $config (deepCopy .Values.agent.config) -}}
{{- if not $config.service.pipelines }}
{{- fail "agent.enabled is true, and the agent has nothing to read: enable agent.gpus or engines, or disable the agent" }}
{{- end }}
{{- toYaml $config }}
{{- end }}
