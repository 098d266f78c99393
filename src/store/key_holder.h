// SPDX-License-Identifier: Apache-2.0
// Who holds the service's master key: a file, a systemd credential, or the machine's TPM.
#pragma once

#include "store/vault.h"

#include <filesystem>
#include <functional>
#include <string>

namespace connector {

struct KeyHolder {
    enum class Kind { File, Credential, Tpm };
    Kind kind = Kind::File;
    std::string tcti = "device:/dev/tpmrm0";   // Tpm: the way to it
    std::chrono::milliseconds patience{30000}; // Tpm: for its answer
};

// In the state folder: the key itself, and the key sealed by the TPM.
constexpr const char *kKeyFile = "master.key";
constexpr const char *kSealedKeyFile = "master.key.tpm";

// The key that everything in the database is sealed with. File: the systemd credential "master-key" where there is one,
// else the file. One is made only for a database that needs none yet, and never for Credential. Errors beside those of
// tpm_key.h: "master-key-missing", "master-key-other" (the database was sealed with another one), "master-key-damaged".
// Whatever the error: nothing was written. Blocks.
Result<MasterKey> openMasterKey(const KeyHolder &holder, const std::filesystem::path &state, Database &db);

// Moves the key from its file into the TPM. The file goes only when the sealed key was written, synced, read back from
// the disk and opened, and opens the database; whatever dies in between, doing it again ends it. `step` is a door for
// tests, called between the steps.
Result<void> moveMasterKeyIntoTpm(const KeyHolder &holder, const std::filesystem::path &state, Database &db,
                                  const std::function<void()> &step = {});

} // namespace connector
