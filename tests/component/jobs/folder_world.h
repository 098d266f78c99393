// SPDX-License-Identifier: Apache-2.0
// A printer, a scanner and a cloud whose state is a folder: it outlives a process that dies, as real ones do.
#pragma once

#include "core/encoding.h"
#include "core/files.h"
#include "jobs/jobs.h"

namespace connector::test {

std::string sha256Of(const std::string &bytes);

// What goes wrong at the cloud, that often from now on.
struct CloudTroubles {
    std::atomic<int> listRestarts = 0;     // somebody else is at work in the folder
    std::atomic<int> lostUploads = 0;      // the file is made, the answer cut
    std::atomic<int> damagedDownloads = 0; // other bytes of the same number
    std::atomic<int> downloads = 0;        // that there were
    std::atomic<std::int64_t> sizes = 0;   // what every file is said to have; 0: what it has

    static bool strikes(std::atomic<int> &trouble) { return trouble > 0 && trouble-- > 0; }
};

// Files in a folder; the id is the name. Renames on conflict, also where the bytes are the same.
class FolderCloud : public Provider {
public:
    FolderCloud(std::filesystem::path folder, CloudTroubles &troubles);
    std::string id() const override { return "folder"; }
    Features features() const override { return {}; }
    Result<Account> account(const Call &) override { return Account{}; }
    Result<Page> list(const EntryId &, const std::string &, const Sort &, const Call &) override;
    Result<Entry> stat(const EntryId &id, const Call &) override;
    Result<void> download(const EntryId &file, const std::string &, std::int64_t offset, ByteSink &out,
                          const Call &) override;
    Result<Entry> upload(const UploadTarget &target, ByteSource &in, const UploadState &,
                         const std::function<Result<void>(const UploadState &)> &, const Call &) override;
    Result<void> remove(const EntryId &file, const Call &) override;

private:
    static Entry entryOf(const std::filesystem::path &file);
    std::filesystem::path m_folder;
    CloudTroubles &m_troubles;
};

class Sha256Hasher : public ContentHasher {
public:
    void update(std::span<const char> bytes) override { m_bytes.append(bytes.data(), bytes.size()); }
    std::string result() override { return sha256Of(m_bytes); }

private:
    std::string m_bytes;
};

class FolderClouds : public CloudAccess {
public:
    explicit FolderClouds(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    Result<std::unique_ptr<Provider>> provider(const std::string &) override;
    std::unique_ptr<ContentHasher> hasher(const std::string &) override { return std::make_unique<Sha256Hasher>(); }
    CloudTroubles troubles;

private:
    std::filesystem::path m_folder;
};

// Jobs are files: "<id>.job" holds the name, "<id>.pdf" the document once it came whole, "<id>.canceled" ends it.
// Printing takes no time; `refuse` makes it answer so, `neverDone` keeps jobs processing.
class FolderPrinter : public Printer {
public:
    explicit FolderPrinter(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    std::atomic<bool> unreachable = false;
    std::atomic<bool> neverDone = false;
    std::atomic<bool> warnsOfPaper = false;
    std::function<void()> beforeDocument = [] {}; // the printer has the job, not yet its document
    std::function<void()> afterCancel = [] {};

    Result<PrinterStatus> status(const Call &) override;
    Result<PrinterCapabilities> capabilities(const Call &) override;
    Result<int> createJob(const std::string &name, const Ticket &, const Call &) override;
    Result<void> sendDocument(int id, ByteSource &document, const std::string &, const std::string &,
                              const Call &) override;
    Result<std::optional<JobRef>> findJob(const std::string &name, const Call &call) override;
    Result<PrinterJobState> jobState(int id, const Call &) override;
    Result<void> cancelJob(int id, const Call &) override;
    // Documents that came out.
    int printed() const;

private:
    static Error gone() { return Error{Errc::Offline, "no answer", "folder", {}, 0, {}, "printer-unreachable"}; }
    std::filesystem::path m_folder;
};

// A flatbed or a feeder with `sheets` pages, each a small JPEG.
class FolderScanner : public Scanner {
public:
    explicit FolderScanner(std::string jpeg) : m_jpeg(std::move(jpeg)) {}
    std::atomic<int> jamAt = 0;  // the page that jams
    std::atomic<int> hangAt = 0; // the page that does not come until the call is stopped
    int sheets = 3;

    Result<ScannerStatus> status(const Call &) override { return ScannerStatus{"Folder", ScannerState::Idle, {}}; }
    Result<ScannerCapabilities> capabilities(const Call &) override { return ScannerCapabilities{}; }
    Result<ScanEnd> scan(const ScanSettings &settings, const std::filesystem::path &folder, int first,
                         const std::function<void(const ScannedPage &)> &onPage, const Call &call) override;

private:
    std::string m_jpeg;
};

} // namespace connector::test
