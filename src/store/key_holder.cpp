// SPDX-License-Identifier: Apache-2.0
#include "store/key_holder.h"

#include "core/files.h"
#include "core/log.h"
#include "store/tpm_key.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace connector {

namespace {

constexpr std::size_t kLargestSealed = 16384;

Error missing(const char *why)
{
    return Error{Errc::NotFound, why, "store", {}, 0, {}, "master-key-missing"};
}

bool isThere(const std::filesystem::path &file)
{
    std::error_code ec;
    return std::filesystem::exists(file, ec);
}

Result<MasterKey> unsealed(const KeyHolder &holder, const std::filesystem::path &state)
{
    auto sealed = readFile(state / kSealedKeyFile, kLargestSealed);
    if (!sealed)
        return std::move(sealed).error();
    auto key = unsealWithTpm(holder.tcti, *sealed, holder.patience);
    if (!key)
        return std::move(key).error();
    return MasterKey::of(std::move(*key));
}

// Written, and read back through the TPM: what is on the disk now is known to open.
Result<void> storeSealed(const KeyHolder &holder, const std::filesystem::path &state, const MasterKey &key,
                         const std::function<void()> &step)
{
    auto sealed = sealWithTpm(holder.tcti, key.view(), holder.patience);
    if (!sealed)
        return std::move(sealed).error();
    if (step)
        step();
    if (auto r = writeFileDurably(state / kSealedKeyFile, *sealed); !r)
        return r;
    if (step)
        step();
    auto again = unsealed(holder, state);
    if (!again)
        return std::move(again).error();
    if (!again->same(key))
        return Error{Errc::DataLoss, "the TPM gave another key back", "tpm", {}, 0, {}, "tpm-failed"};
    return {};
}

// Overwritten first. Flash memory and copying file systems may keep the old block all the same.
Result<void> destroy(const std::filesystem::path &file, const std::function<void()> &step)
{
    const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? Result<void>() : localIoError("open the key's file", errno);
    const char zeros[32] = {};
    const bool gone = ::pwrite(fd, zeros, sizeof zeros, 0) == sizeof zeros && ::fsync(fd) == 0;
    const int code = errno;
    ::close(fd);
    if (!gone)
        return localIoError("overwrite the key's file", code);
    if (step)
        step();
    if (::unlink(file.c_str()) != 0)
        return localIoError("remove the key's file", errno);
    return syncFolder(file.parent_path());
}

Result<MasterKey> find(const KeyHolder &holder, const std::filesystem::path &state)
{
    switch (holder.kind) {
    case KeyHolder::Kind::Tpm:
        return unsealed(holder, state);
    case KeyHolder::Kind::Credential:
        if (const auto given = MasterKey::credential())
            return MasterKey::read(*given);
        return missing("the unit gives no credential \"master-key\"");
    case KeyHolder::Kind::File:
        break;
    }
    return MasterKey::read(MasterKey::credential().value_or(state / kKeyFile));
}

Result<MasterKey> make(const KeyHolder &holder, const std::filesystem::path &state)
{
    MasterKey key = MasterKey::fresh();
    auto kept = holder.kind == KeyHolder::Kind::Tpm ? storeSealed(holder, state, key, {})
                                                    : writeFileDurably(state / kKeyFile, key.view());
    if (!kept)
        return std::move(kept).error();
    return key;
}

} // namespace

Result<MasterKey> openMasterKey(const KeyHolder &holder, const std::filesystem::path &state, Database &db)
{
    const bool tpm = holder.kind == KeyHolder::Kind::Tpm;
    auto key = find(holder, state);
    if (!key && key.error().code == Errc::NotFound) {
        if (holder.kind == KeyHolder::Kind::Credential)
            return key;
        if (tpm && isThere(state / kKeyFile))
            return missing("the key is in its file still: move it with connectord seal-master-key");
        const auto needed = Vault::holdsSecrets(db);
        if (!needed)
            return needed.error();
        if (*needed)
            return missing(tpm ? "the sealed key is not there, and the database needs it"
                               : "the key's file or credential is not there, and the database needs it");
        key = make(holder, state);
    }
    if (!key)
        return key;
    if (auto r = Vault::bind(db, *key); !r)
        return std::move(r).error();
    if (tpm && isThere(state / kKeyFile))
        log::warning("store", "the master key is in the TPM and in its file too: connectord seal-master-key ends that");
    return key;
}

Result<void> moveMasterKeyIntoTpm(const KeyHolder &holder, const std::filesystem::path &state, Database &db,
                                  const std::function<void()> &step)
{
    // What the file has counts as long as it opens the database; what was sealed before may be another machine's.
    auto key = MasterKey::read(state / kKeyFile);
    const Result<void> fits = key ? Vault::bind(db, *key) : Result<void>(key.error());
    if (fits) {
        if (auto r = storeSealed(holder, state, *key, step); !r)
            return r;
    } else if (!isThere(state / kSealedKeyFile)) {
        return fits.error().code == Errc::NotFound ? missing("there is no key in a file to move") : fits.error();
    } else {
        // An earlier try died behind the sealing.
        auto before = unsealed(holder, state);
        if (!before)
            return std::move(before).error();
        if (auto r = Vault::bind(db, *before); !r)
            return r;
    }
    if (step)
        step();
    return destroy(state / kKeyFile, step);
}

} // namespace connector
