// SPDX-License-Identifier: Apache-2.0

import { createTheme } from '@grafana/data';

export const theme = createTheme({ colors: { mode: 'dark' } });

// Pixels of a row of the grid, with the margin below it.
export const CELL = 38;
export const MARGIN = 8;
// Pixels of the dashboard's head.
export const HEAD = 92;
