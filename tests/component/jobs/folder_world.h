// SPDX-License-Identifier: Apache-2.0
// A printer, a scanner and a cloud whose state is a folder: it outlives a process that dies, as real ones do.
#pragma once

#include "core/encoding.h"
#include "core/files.h"
#include "jobs/jobs.h"

#include <fstream>
#include <openssl/evp.h>

namespace connector::test {

inline std::string sha256Of(const std::string &bytes)
{
    unsigned char digest[32];
    EVP_Digest(bytes.data(), bytes.size(), digest, nullptr, EVP_sha256(), nullptr);
    return "sha256:" + toHex(std::string_view(reinterpret_cast<char *>(digest), sizeof digest));
}

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
    FolderCloud(std::filesystem::path folder, CloudTroubles &troubles)
        : m_folder(std::move(folder)), m_troubles(troubles)
    {
    }
    std::string id() const override { return "folder"; }
    Features features() const override { return {}; }
    Result<Account> account(const Call &) override { return Account{}; }
    Result<Page> list(const EntryId &, const std::string &, const Sort &, const Call &) override
    {
        if (CloudTroubles::strikes(m_troubles.listRestarts))
            return Error{Errc::Conflict, "the page token has died", "folder", {}, 0, {}, "list-restart"};
        Page page;
        for (const auto &file : std::filesystem::directory_iterator(m_folder))
            if (file.path().extension() != ".new")
                page.entries.push_back(entryOf(file.path()));
        return page;
    }
    Result<Entry> stat(const EntryId &id, const Call &) override
    {
        if (!std::filesystem::exists(m_folder / id.value))
            return Error{Errc::NotFound, "no such file", "folder"};
        Entry entry = entryOf(m_folder / id.value);
        if (m_troubles.sizes > 0)
            entry.size = m_troubles.sizes;
        return entry;
    }
    Result<void> download(const EntryId &file, const std::string &, std::int64_t offset, ByteSink &out,
                          const Call &) override
    {
        auto bytes = readFile(m_folder / file.value);
        if (!bytes)
            return std::move(bytes).error();
        ++m_troubles.downloads;
        if (CloudTroubles::strikes(m_troubles.damagedDownloads))
            bytes->back() ^= 1;
        return out.write(std::span(*bytes).subspan(static_cast<std::size_t>(offset)));
    }
    Result<Entry> upload(const UploadTarget &target, ByteSource &in, const UploadState &,
                         const std::function<Result<void>(const UploadState &)> &, const Call &) override
    {
        std::string bytes;
        std::vector<char> buffer(65536);
        for (auto n = in.read(buffer); n && *n > 0; n = in.read(buffer))
            bytes.append(buffer.data(), *n);
        std::string name = target.name;
        for (int i = 1; std::filesystem::exists(m_folder / name); ++i)
            name = std::to_string(i) + " " + target.name;
        if (auto r = writeFileDurably(m_folder / name, bytes); !r)
            return std::move(r).error();
        if (CloudTroubles::strikes(m_troubles.lostUploads))
            return Error{Errc::DataLoss, "the body ended early", "http", "cut"};
        return entryOf(m_folder / name);
    }
    Result<void> remove(const EntryId &file, const Call &) override
    {
        std::filesystem::remove(m_folder / file.value);
        return {};
    }

private:
    static Entry entryOf(const std::filesystem::path &file)
    {
        const std::string bytes = *readFile(file);
        Entry entry;
        entry.id = {file.filename().string()};
        entry.name = file.filename().string();
        entry.size = static_cast<std::int64_t>(bytes.size());
        entry.revision = "1";
        entry.contentHash = sha256Of(bytes);
        return entry;
    }
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
    Result<std::unique_ptr<Provider>> provider(const std::string &) override
    {
        return std::unique_ptr<Provider>(std::make_unique<FolderCloud>(m_folder, troubles));
    }
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

    Result<PrinterStatus> status(const Call &) override
    {
        PrinterStatus s;
        s.name = "Folder";
        s.state = unreachable ? PrinterState::Unreachable : PrinterState::Idle;
        if (warnsOfPaper)
            s.reasons = {{"media-empty", PrinterReason::Severity::Warning},
                         {"toner-low", PrinterReason::Severity::Warning}};
        return s;
    }
    Result<PrinterCapabilities> capabilities(const Call &) override
    {
        if (unreachable)
            return gone();
        PrinterCapabilities c;
        c.maxCopies = 99;
        c.formats = {"application/pdf"};
        c.createJob = true;
        return c;
    }
    Result<int> createJob(const std::string &name, const Ticket &, const Call &) override
    {
        if (unreachable)
            return gone();
        int id = 1;
        while (std::filesystem::exists(m_folder / (std::to_string(id) + ".job")))
            ++id;
        if (auto r = writeFileDurably(m_folder / (std::to_string(id) + ".job"), name); !r)
            return std::move(r).error();
        return id;
    }
    Result<void> sendDocument(int id, ByteSource &document, const std::string &, const std::string &,
                              const Call &) override
    {
        beforeDocument();
        std::string bytes;
        std::vector<char> buffer(65536);
        for (auto n = document.read(buffer); n && *n > 0; n = document.read(buffer))
            bytes.append(buffer.data(), *n);
        return writeFileDurably(m_folder / (std::to_string(id) + ".pdf"), bytes);
    }
    Result<std::optional<JobRef>> findJob(const std::string &name, const Call &call) override
    {
        if (unreachable)
            return gone();
        for (int id = 1; std::filesystem::exists(m_folder / (std::to_string(id) + ".job")); ++id)
            if (*readFile(m_folder / (std::to_string(id) + ".job")) == name)
                return std::optional(JobRef{id, *jobState(id, call)});
        return std::optional<JobRef>{};
    }
    Result<PrinterJobState> jobState(int id, const Call &) override
    {
        if (unreachable)
            return gone();
        const std::string n = std::to_string(id);
        if (!std::filesystem::exists(m_folder / (n + ".job")))
            return Error{Errc::NotFound, "no such job", "folder"};
        PrinterJobState s;
        if (std::filesystem::exists(m_folder / (n + ".canceled")))
            s.phase = PrinterJobPhase::Canceled;
        else if (!std::filesystem::exists(m_folder / (n + ".pdf"))) {
            s.phase = PrinterJobPhase::PendingHeld;
            s.reasons = {"job-incoming"};
        } else
            s.phase = neverDone ? PrinterJobPhase::Processing : PrinterJobPhase::Completed;
        s.impressionsCompleted = 1;
        return s;
    }
    Result<void> cancelJob(int id, const Call &) override
    {
        if (unreachable)
            return gone();
        const std::string n = std::to_string(id);
        if (!std::filesystem::exists(m_folder / (n + ".pdf")) || neverDone)
            if (auto r = writeFileDurably(m_folder / (n + ".canceled"), ""); !r)
                return r;
        afterCancel();
        return {};
    }
    // Documents that came out.
    int printed() const
    {
        int n = 0;
        for (const auto &file : std::filesystem::directory_iterator(m_folder))
            if (file.path().extension() == ".pdf" &&
                !std::filesystem::exists(std::filesystem::path(file.path()).replace_extension(".canceled")))
                ++n;
        return n;
    }

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
                         const std::function<void(const ScannedPage &)> &onPage, const Call &call) override
    {
        const bool feeder = settings.source == "feeder";
        ScanEnd end;
        for (int i = 0; i < (feeder ? sheets : 1); ++i) {
            if (first + i == jamAt) {
                jamAt = 0;
                return Error{Errc::Unavailable, "jammed", "sane", "jammed", 0, {}, "feeder-jammed"};
            }
            if (first + i == hangAt)
                if (auto stopped = waitFor(std::chrono::seconds(20), call); !stopped)
                    return std::move(stopped).error();
            ScannedPage page;
            page.number = first + i;
            page.path = folder / ("page-" + std::to_string(page.number) + ".jpg");
            page.width = page.height = 16;
            page.dpi = 75;
            page.colorMode = "gray";
            page.bytes = static_cast<std::int64_t>(m_jpeg.size());
            if (auto r = writeFileDurably(page.path, m_jpeg); !r)
                return std::move(r).error();
            ++end.pages;
            onPage(page);
        }
        end.feederEmpty = feeder;
        return end;
    }

private:
    std::string m_jpeg;
};

} // namespace connector::test
