// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// Import takes samples in the text form of Prometheus, each with its time in milliseconds.
func (d *Server) Import(ctx context.Context, text string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+d.address+"/api/v1/import/prometheus", strings.NewReader(text))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the database answered %s", answer.Status)
	}
	return nil
}
