// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace connector::test {

inline const std::filesystem::path kRenderWorker = RENDER_WORKER; // as it is built

} // namespace connector::test
