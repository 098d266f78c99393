// SPDX-License-Identifier: Apache-2.0
#include "tests/component/jobs/folder_world.h"

#include <openssl/evp.h>

namespace connector::test {

std::string sha256Of(const std::string &bytes)
{
    unsigned char digest[32];
    EVP_Digest(bytes.data(), bytes.size(), digest, nullptr, EVP_sha256(), nullptr);
    return "sha256:" + toHex(std::string_view(reinterpret_cast<char *>(digest), sizeof digest));
}

FolderCloud::FolderCloud(std::filesystem::path folder, CloudTroubles &troubles)
    : m_folder(std::move(folder)), m_troubles(troubles)
{
}

Result<Page> FolderCloud::list(const EntryId &, const std::string &, const Sort &, const Call &)
{
    if (CloudTroubles::strikes(m_troubles.listRestarts))
        return Error{Errc::Conflict, "the page token has died", "folder", {}, 0, {}, "list-restart"};
    Page page;
    for (const auto &file : std::filesystem::directory_iterator(m_folder))
        if (file.path().extension() != ".new")
            page.entries.push_back(entryOf(file.path()));
    return page;
}

Result<Entry> FolderCloud::stat(const EntryId &id, const Call &)
{
    if (!std::filesystem::exists(m_folder / id.value))
        return Error{Errc::NotFound, "no such file", "folder"};
    Entry entry = entryOf(m_folder / id.value);
    if (m_troubles.sizes > 0)
        entry.size = m_troubles.sizes;
    return entry;
}

Result<void> FolderCloud::download(const EntryId &file, const std::string &, std::int64_t offset, ByteSink &out,
                                   const Call &)
{
    auto bytes = readFile(m_folder / file.value);
    if (!bytes)
        return std::move(bytes).error();
    ++m_troubles.downloads;
    if (CloudTroubles::strikes(m_troubles.damagedDownloads))
        bytes->back() ^= 1;
    return out.write(std::span(*bytes).subspan(static_cast<std::size_t>(offset)));
}

Result<Entry> FolderCloud::upload(const UploadTarget &target, ByteSource &in, const UploadState &,
                                  const std::function<Result<void>(const UploadState &)> &, const Call &)
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

Result<void> FolderCloud::remove(const EntryId &file, const Call &)
{
    std::filesystem::remove(m_folder / file.value);
    return {};
}

Entry FolderCloud::entryOf(const std::filesystem::path &file)
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

Result<std::unique_ptr<Provider>> FolderClouds::provider(const std::string &)
{
    return std::unique_ptr<Provider>(std::make_unique<FolderCloud>(m_folder, troubles));
}

Result<PrinterStatus> FolderPrinter::status(const Call &)
{
    PrinterStatus s;
    s.name = "Folder";
    s.state = unreachable ? PrinterState::Unreachable : PrinterState::Idle;
    if (warnsOfPaper)
        s.reasons = {{"media-empty", PrinterReason::Severity::Warning},
                     {"toner-low", PrinterReason::Severity::Warning}};
    return s;
}

Result<PrinterCapabilities> FolderPrinter::capabilities(const Call &)
{
    if (unreachable)
        return gone();
    PrinterCapabilities c;
    c.maxCopies = 99;
    c.formats = {"application/pdf"};
    c.createJob = true;
    return c;
}

Result<int> FolderPrinter::createJob(const std::string &name, const Ticket &, const Call &)
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

Result<void> FolderPrinter::sendDocument(int id, ByteSource &document, const std::string &, const std::string &,
                                         const Call &)
{
    beforeDocument();
    std::string bytes;
    std::vector<char> buffer(65536);
    for (auto n = document.read(buffer); n && *n > 0; n = document.read(buffer))
        bytes.append(buffer.data(), *n);
    return writeFileDurably(m_folder / (std::to_string(id) + ".pdf"), bytes);
}

Result<std::optional<JobRef>> FolderPrinter::findJob(const std::string &name, const Call &call)
{
    if (unreachable)
        return gone();
    for (int id = 1; std::filesystem::exists(m_folder / (std::to_string(id) + ".job")); ++id)
        if (*readFile(m_folder / (std::to_string(id) + ".job")) == name)
            return std::optional(JobRef{id, *jobState(id, call)});
    return std::optional<JobRef>{};
}

Result<PrinterJobState> FolderPrinter::jobState(int id, const Call &)
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

Result<void> FolderPrinter::cancelJob(int id, const Call &)
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

int FolderPrinter::printed() const
{
    int n = 0;
    for (const auto &file : std::filesystem::directory_iterator(m_folder))
        if (file.path().extension() == ".pdf" &&
            !std::filesystem::exists(std::filesystem::path(file.path()).replace_extension(".canceled")))
            ++n;
    return n;
}

Result<ScanEnd> FolderScanner::scan(const ScanSettings &settings, const std::filesystem::path &folder, int first,
                                    const std::function<void(const ScannedPage &)> &onPage, const Call &call)
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

} // namespace connector::test
