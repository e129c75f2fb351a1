{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{- define "otelcol-llm.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "otelcol-llm.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" }}
{{- else if contains (include "otelcol-llm.name" .) .Release.Name }}
{{- .Release.Name | trunc 53 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "otelcol-llm.name" .) | trunc 53 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* The collector that receives spans: single or gateway. */}}
{{- define "otelcol-llm.receiver" -}}
{{- if .Values.single.enabled }}single{{ else }}gateway{{ end }}
{{- end }}

{{- define "otelcol-llm.selector" -}}
app.kubernetes.io/name: {{ include "otelcol-llm.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "otelcol-llm.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ include "otelcol-llm.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "otelcol-llm.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{- define "otelcol-llm.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "otelcol-llm.fullname" .root) .Values.serviceAccount.name }}-{{ .component }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* Pods of all components run under Pod Security's restricted profile; an agent that asks the kubelet is root: its socket is. */}}
{{- define "otelcol-llm.podSecurityContext" -}}
{{- $context := deepCopy .root.Values.podSecurityContext -}}
{{- if and (eq .component "agent") .root.Values.agent.podResources.enabled }}
{{- $context = mustMergeOverwrite $context (dict "runAsNonRoot" false "runAsUser" 0 "runAsGroup" 0) -}}
{{- end }}
{{- toYaml $context }}
{{- end }}

{{- define "otelcol-llm.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* The pod of a component: dict root, component, values, config (YAML). */}}
{{- define "otelcol-llm.pod" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{- $gpus := and (eq .component "agent") $root.Values.agent.gpus.enabled -}}
metadata:
  annotations:
    checksum/config: {{ sha256sum .config }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  labels:
    {{- include "otelcol-llm.labels" (dict "root" $root "component" .component) | nindent 4 }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "otelcol-llm.serviceAccount" (dict "root" $root "Values" $root.Values "component" .component) }}
  automountServiceAccountToken: {{ .token }}
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- if and $gpus $root.Values.agent.runtimeClassName }}
  runtimeClassName: {{ $root.Values.agent.runtimeClassName }}
  {{- end }}
  securityContext:
    {{- include "otelcol-llm.podSecurityContext" (dict "root" $root "component" .component) | nindent 4 }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- if ne .component "agent" }}
  terminationGracePeriodSeconds: {{ add $values.drainSeconds 45 }}
  {{- end }}
  {{- if eq .component "gateway" }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "otelcol-llm.selector" (dict "root" $root "component" .component) | nindent 10 }}
  {{- end }}
  containers:
    - name: otelcol-llm
      image: {{ include "otelcol-llm.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [--config=/etc/otelcol-llm/config.yaml]
      securityContext:
        {{- if and $gpus $root.Values.agent.gpus.privileged }}
        privileged: true
        readOnlyRootFilesystem: true
        {{- else }}
        {{- include "otelcol-llm.securityContext" $root | nindent 8 }}
        {{- end }}
      env:
        - name: OTELCOL_LLM_HOST
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
        - name: OTELCOL_LLM_POD
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        - name: OTELCOL_LLM_NODE
          valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
        {{- with ($values.resources.limits).memory }}
        # Garbage may grow until memory in use comes near GOMEMLIMIT; then Go collects as often as it takes.
        - name: GOGC
          value: {{ $root.Values.goGC | quote }}
        - name: GOMEMLIMIT
          value: {{ include "otelcol-llm.goMemoryLimit" . | quote }}
        {{- end }}
        {{- if not $gpus }}
        - name: NVIDIA_VISIBLE_DEVICES
          value: void
        {{- end }}
        {{- with $values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        {{- if ne .component "agent" }}
        - {name: otlp-grpc, containerPort: 4317}
        - {name: otlp-http, containerPort: 4318}
        {{- end }}
        {{- if eq .component "gateway" }}
        - {name: traces, containerPort: 4319}
        {{- end }}
        - {name: metrics, containerPort: 9464}
        - {name: telemetry, containerPort: 8888}
        - {name: health, containerPort: 13133}
      startupProbe:
        httpGet: {path: /, port: health}
        periodSeconds: 1
        failureThreshold: 60
      readinessProbe:
        httpGet: {path: /, port: health}
        periodSeconds: 5
      livenessProbe:
        httpGet: {path: /, port: health}
        periodSeconds: 15
        failureThreshold: 4
      {{- if ne .component "agent" }}
      lifecycle:
        preStop:
          # Meanwhile senders, the Service and other gateways stop sending here.
          sleep: {seconds: {{ $values.drainSeconds }}}
      {{- end }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      volumeMounts:
        - {name: config, mountPath: /etc/otelcol-llm, readOnly: true}
        {{- if and (ne .component "agent") $root.Values.tls.secretName }}
        - {name: tls, mountPath: /etc/otelcol-llm-tls, readOnly: true}
        {{- end }}
        {{- if and (ne .component "agent") (include "otelcol-llm.authSecret" $root) }}
        - {name: auth, mountPath: /etc/otelcol-llm-auth, readOnly: true}
        {{- end }}
        {{- if and (ne .component "agent") $root.Values.tls.clientCASecretName }}
        - {name: client-ca, mountPath: /etc/otelcol-llm-client-ca, readOnly: true}
        {{- end }}
        {{- if and (eq .component "gateway") $root.Values.gateway.tls.secretName }}
        - {name: gateways-tls, mountPath: /etc/otelcol-llm-gateways-tls, readOnly: true}
        {{- end }}
        {{- if and $gpus $root.Values.agent.gpus.libraryHostPath }}
        - {name: nvidia, mountPath: {{ $root.Values.agent.gpus.libraryHostPath }}, readOnly: true}
        {{- end }}
        {{- if and (eq .component "agent") $root.Values.agent.podResources.enabled }}
        - {name: pod-resources, mountPath: /var/lib/kubelet/pod-resources, readOnly: true}
        {{- end }}
        {{- if and (eq .component "agent") $root.Values.agent.hostFiles.enabled }}
        {{- range list "proc" "sys" "dev" }}
        - {name: host-{{ . }}, mountPath: /host/{{ . }}, readOnly: true}
        {{- end }}
        {{- end }}
        {{- with $values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap: {name: {{ include "otelcol-llm.fullname" $root }}-{{ .component }}}
    {{- if and (ne .component "agent") $root.Values.tls.secretName }}
    - name: tls
      secret: {secretName: {{ $root.Values.tls.secretName }}}
    {{- end }}
    {{- if and (ne .component "agent") (include "otelcol-llm.authSecret" $root) }}
    - name: auth
      secret: {secretName: {{ include "otelcol-llm.authSecret" $root }}}
    {{- end }}
    {{- if and (ne .component "agent") $root.Values.tls.clientCASecretName }}
    - name: client-ca
      secret: {secretName: {{ $root.Values.tls.clientCASecretName }}}
    {{- end }}
    {{- if and (eq .component "gateway") $root.Values.gateway.tls.secretName }}
    - name: gateways-tls
      secret: {secretName: {{ $root.Values.gateway.tls.secretName }}}
    {{- end }}
    {{- if and $gpus $root.Values.agent.gpus.libraryHostPath }}
    - name: nvidia
      hostPath: {path: {{ $root.Values.agent.gpus.libraryHostPath }}, type: Directory}
    {{- end }}
    {{- if and (eq .component "agent") $root.Values.agent.podResources.enabled }}
    # The directory, since the kubelet makes a new socket when it restarts.
    - name: pod-resources
      hostPath: {path: {{ $root.Values.agent.podResources.hostPath }}, type: Directory}
    {{- end }}
    {{- if and (eq .component "agent") $root.Values.agent.hostFiles.enabled }}
    {{- range list "proc" "sys" "dev" }}
    - name: host-{{ . }}
      hostPath: {path: /{{ . }}, type: Directory}
    {{- end }}
    {{- end }}
    {{- with $values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "otelcol-llm.authSecret" -}}
{{- if .Values.auth.bearer.secretName }}{{ .Values.auth.bearer.secretName }}{{ else }}{{ .Values.auth.basic.secretName }}{{ end }}
{{- end }}

{{/* Three quarters of a memory limit in Mi or Gi, in the unit that Go reads. */}}
{{- define "otelcol-llm.goMemoryLimit" -}}
{{- if not (regexMatch "^[0-9]+([.][0-9]+)?[MG]i$" (toString .)) }}{{ fail (printf "resources.limits.memory is %v: write it in Mi or Gi, as 512Mi" .) }}
{{- else if hasSuffix "Gi" . }}{{ mulf (trimSuffix "Gi" . | float64) 768 | floor | int }}MiB
{{- else }}{{ mulf (trimSuffix "Mi" . | float64) 0.75 | floor | int }}MiB
{{- end }}
{{- end }}

{{/* The pod of helm test as a peer of a NetworkPolicy. */}}
{{- define "otelcol-llm.testPeer" -}}
- podSelector:
    matchLabels:
      {{- include "otelcol-llm.selector" (dict "root" . "component" "test") | nindent 6 }}
{{- end }}
