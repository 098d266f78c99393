// SPDX-License-Identifier: Apache-2.0
// Every source file says under which licence it is.
import { finish, sources } from './sources.mjs'

const findings = []
for (const [file, text] of sources(/(\.(h|cpp|c|qml|js|mjs|cmake|sh|service|socket)|CMakeLists\.txt|^(run|test|bench|\.ci\/run|packaging\/install-dependencies))$/)) {
  if (!text.split('\n', 5).some(line => /SPDX-License-Identifier: \S/.test(line))) findings.push(`${file}: no SPDX line`)
}
finish(findings, 'licences')
