// SPDX-License-Identifier: Apache-2.0

package traffic

import "fmt"

// Owner is a container that was given GPUs, and the processes in it that use them.
type Owner struct {
	Namespace, Pod, Service, Model string
	// GPUs are the driver's indices.
	GPUs []int
	// Leader is the process id of its server, of which there is one. Workers are those of the processes on the GPUs, in the order
	// of these.
	Leader  int
	Workers []int
}

// firstPID is where the made-up process ids begin.
const firstPID = 4_000_000

// Owners are the pods on the node that have GPUs: the engines', and one of a notebook that was forgotten.
func Owners() (owners []Owner) {
	for _, d := range deployments {
		for _, r := range d.replicas {
			owners = append(owners, owner("serving", r.pod, d.name, d.model, r.gpus))
		}
	}
	return append(owners, owner("research", "notebook-0", "", "", []int{GPUs - 2}))
}

func owner(namespace, pod, service, model string, gpus []int) Owner {
	o := Owner{Namespace: namespace, Pod: pod, Service: service, Model: model, GPUs: gpus, Leader: firstPID + 100*gpus[0]}
	for i := range gpus {
		o.Workers = append(o.Workers, o.Leader+1+i)
	}
	return o
}

// processLines are the processes on a device, with the memory that they hold and what they use, in per cent.
func processLines(device, memory, percent int) (lines []string) {
	for _, o := range Owners() {
		for i, gpu := range o.GPUs {
			if gpu == device {
				lines = append(lines, fmt.Sprintf("%d.process.0 %d %d -1 -1 %d %d 0 0", device, o.Workers[i], memory, percent, percent*6/10))
			}
		}
	}
	return lines
}
