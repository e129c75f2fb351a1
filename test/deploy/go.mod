module github.com/otelcol-llm/otelcol-llm/test/deploy

go 1.26.0

replace github.com/otelcol-llm/otelcol-llm => ../..

require (
	github.com/otelcol-llm/otelcol-llm v0.0.0
	github.com/stretchr/testify v1.12.1
	go.yaml.in/yaml/v3 v3.0.5
	google.golang.org/grpc v1.85.0
	k8s.io/kubelet v0.35.3
)

require (
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.44.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260817212433-ac3dfec99bb1 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
