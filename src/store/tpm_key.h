// SPDX-License-Identifier: Apache-2.0
// A secret sealed by this machine's TPM 2.0, so that what is stored of it opens in no other machine.
#pragma once

#include "core/result.h"

#include <chrono>
#include <string>
#include <string_view>

namespace connector {

// `tcti` is the way to the TPM as tpm2-tss names it: "device:/dev/tpmrm0". Each call is a conversation of its own,
// which leaves nothing in the TPM; it blocks for as long as the TPM takes, on hardware up to a second or two. Errors:
// LocalIo, stable "tpm-missing" where there is no TPM, "tpm-silent" where it takes longer than `patience` (a thread
// then goes on waiting for it until the process ends), "tpm-failed" (nativeCode: the TPM's own word) where it refuses.
constexpr std::chrono::seconds kTpmPatience{30};
Result<std::string> sealWithTpm(const std::string &tcti, std::string_view secret, // up to 128 bytes
                                std::chrono::milliseconds patience = kTpmPatience);

// Also DataLoss: "tpm-other" where another TPM sealed it, or this one before it was cleared; "master-key-damaged" where
// it was changed. The caller wipes what it gets.
Result<std::string> unsealWithTpm(const std::string &tcti, std::string_view sealed,
                                  std::chrono::milliseconds patience = kTpmPatience);

} // namespace connector
