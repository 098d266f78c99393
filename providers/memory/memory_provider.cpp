// SPDX-License-Identifier: Apache-2.0
#include "providers/memory/memory_provider.h"

#include "core/encoding.h"
#include "core/random.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <mutex>

namespace connector::memory {

namespace {

constexpr const char *kOrigin = "memory";

struct Node {
    Entry entry;
    std::string parent;
    std::string bytes;
};

class Sha256 : public ContentHasher {
public:
    Sha256() { crypto_hash_sha256_init(&m_state); }
    void update(std::span<const char> bytes) override
    {
        crypto_hash_sha256_update(&m_state, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size());
    }
    std::string result() override
    {
        std::string digest(crypto_hash_sha256_BYTES, '\0');
        crypto_hash_sha256_final(&m_state, reinterpret_cast<unsigned char *>(digest.data()));
        return "sha256:" + toHex(digest);
    }

private:
    crypto_hash_sha256_state m_state{};
};

std::string hashOf(const std::string &bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.result();
}

Error notFound()
{
    return Error{Errc::NotFound, "there is no such entry", kOrigin, "not_found"};
}

} // namespace

struct Cloud::State {
    explicit State(Options o) : options(std::move(o)) {}

    std::mutex mutex;
    Options options;
    Fault fault;
    std::map<std::string, Node> nodes;          // by id; the root "" is not in it
    std::map<std::string, std::string> uploads; // by session: the bytes so far
    std::map<std::string, std::string> done;    // by session: the file it became
    std::uint64_t serial = 0;
    std::uint64_t epoch = 1; // of page tokens

    std::string nextId(const char *kind) { return kind + std::to_string(++serial); }

    Node *findLocked(const std::string &id)
    {
        const auto found = nodes.find(id);
        return found == nodes.end() ? nullptr : &found->second;
    }

    Result<void> folderLocked(const EntryId &id)
    {
        if (id.value.empty())
            return {};
        const Node *node = findLocked(id.value);
        if (node == nullptr)
            return notFound();
        if (node->entry.kind != EntryKind::Folder)
            return Error{Errc::InvalidArgument, "not a folder", kOrigin, "not_folder"};
        return {};
    }

    Node *namedLocked(const std::string &parent, const std::string &name)
    {
        for (auto &[id, node] : nodes)
            if (node.parent == parent && toLowerAscii(node.entry.name) == toLowerAscii(name))
                return &node;
        return nullptr;
    }

    std::string freeNameLocked(const std::string &parent, const std::string &name)
    {
        std::size_t dot = name.rfind('.');
        if (dot == std::string::npos || dot == 0)
            dot = name.size();
        for (int n = 1;; ++n) {
            const std::string candidate = name.substr(0, dot) + " (" + std::to_string(n) + ")" + name.substr(dot);
            if (namedLocked(parent, candidate) == nullptr)
                return candidate;
        }
    }

    std::int64_t usedLocked() const
    {
        std::int64_t used = 0;
        for (const auto &[id, node] : nodes)
            used += static_cast<std::int64_t>(node.bytes.size());
        return used;
    }
};

Cloud::Cloud(Options options) : m_state(std::make_unique<State>(std::move(options))) {}

Cloud::~Cloud() = default;

void Cloud::setFault(Fault fault)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->fault = std::move(fault);
}

void Cloud::setQuota(std::int64_t bytes)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->options.quota = bytes;
}

void Cloud::setPageSize(std::size_t entries)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->options.pageSize = entries;
}

void Cloud::forgetPageTokens()
{
    const std::scoped_lock lock(m_state->mutex);
    ++m_state->epoch;
}

namespace {

Result<void> step(Cloud &cloud, std::string_view name, const Call &call)
{
    if (auto r = call.poll(); !r)
        return r;
    Cloud::Fault fault;
    {
        const std::scoped_lock lock(cloud.state().mutex);
        fault = cloud.state().fault;
    }
    if (fault)
        if (auto error = fault(name))
            return std::move(*error);
    return {};
}

Result<void> checkName(const std::string &name)
{
    if (!name.empty() && name.size() <= 255 && name.find_first_of(std::string_view("/\0", 2)) == std::string::npos &&
        isUtf8(name))
        return {};
    Error error{Errc::InvalidArgument, "not a name", kOrigin};
    error.stable = "name-invalid";
    return error;
}

bool before(const Entry &a, const Entry &b, const Sort &sort)
{
    if ((a.kind == EntryKind::Folder) != (b.kind == EntryKind::Folder))
        return a.kind == EntryKind::Folder;
    const Entry &first = sort.descending ? b : a;
    const Entry &second = sort.descending ? a : b;
    if (sort.by == SortKey::Size && first.size != second.size)
        return first.size < second.size;
    if (sort.by == SortKey::Modified && first.modified != second.modified)
        return first.modified < second.modified;
    return toLowerAscii(first.name) < toLowerAscii(second.name);
}

// One page of all; the token is "epoch:where the next begins".
Result<Page> pageOf(std::vector<Entry> all, const std::string &token, std::uint64_t epoch, std::size_t size)
{
    const std::string alive = std::to_string(epoch) + ":";
    std::size_t from = 0;
    if (!token.empty()) {
        const char *end = token.data() + token.size();
        const char *digits = token.data() + std::min(alive.size(), token.size());
        const auto [stop, ec] = std::from_chars(digits, end, from);
        if (!token.starts_with(alive) || ec != std::errc() || stop != end || from > all.size()) {
            Error error{Errc::Conflict, "the page token is dead", kOrigin, "reset"};
            error.stable = "list-restart";
            return error;
        }
    }
    const std::size_t to = std::min(all.size(), from + size);
    Page page;
    page.entries.assign(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(from)),
                        std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(to)));
    if (to < all.size())
        page.nextPageToken = alive + std::to_string(to);
    return page;
}

} // namespace

MemoryProvider::MemoryProvider(std::shared_ptr<Cloud> cloud) : m_cloud(std::move(cloud)) {}

Features MemoryProvider::features() const
{
    auto &s = m_cloud->state();
    Features f;
    f.search = true;
    f.createFolder = true;
    f.serverSort = {SortKey::Name, SortKey::Modified, SortKey::Size};
    f.duplicateNames = s.options.duplicateNames;
    f.caseInsensitiveNames = true;
    f.forbiddenInNames = "/";
    f.hashAlgorithm = "sha256";
    f.simpleUploadMax = s.options.simpleMax;
    f.chunkSize = s.options.chunk;
    return f;
}

Result<Account> MemoryProvider::account(const Call &call)
{
    if (auto r = step(*m_cloud, "account", call); !r)
        return std::move(r).error();
    auto &s = m_cloud->state();
    const std::scoped_lock lock(s.mutex);
    Account account;
    account.id = "memory-1";
    account.name = "Mara Lind";
    account.email = "mara.lind@example.org";
    account.emailVerified = true;
    account.usedBytes = s.usedLocked();
    account.totalBytes = s.options.quota;
    return account;
}

Result<Page> MemoryProvider::list(const EntryId &folder, const std::string &pageToken, const Sort &sort,
                                  const Call &call)
{
    if (auto r = step(*m_cloud, "list", call); !r)
        return std::move(r).error();
    auto &s = m_cloud->state();
    const std::scoped_lock lock(s.mutex);
    if (auto r = s.folderLocked(folder); !r)
        return std::move(r).error();
    std::vector<Entry> all;
    for (const auto &[id, node] : s.nodes)
        if (node.parent == folder.value)
            all.push_back(node.entry);
    std::stable_sort(all.begin(), all.end(), [&](const Entry &a, const Entry &b) { return before(a, b, sort); });
    auto page = pageOf(std::move(all), pageToken, s.epoch, s.options.pageSize);
    if (page)
        page->sorted = true;
    return page;
}

Result<Entry> MemoryProvider::stat(const EntryId &id, const Call &call)
{
    if (auto r = step(*m_cloud, "stat", call); !r)
        return std::move(r).error();
    if (id.value.empty()) {
        Entry root;
        root.kind = EntryKind::Folder;
        root.downloadable = false;
        return root;
    }
    auto &s = m_cloud->state();
    const std::scoped_lock lock(s.mutex);
    const Node *node = s.findLocked(id.value);
    if (node == nullptr)
        return notFound();
    return node->entry;
}

Result<void> MemoryProvider::download(const EntryId &file, const std::string &revision, std::int64_t offset,
                                      ByteSink &out, const Call &call)
{
    constexpr std::size_t kPiece = 64U << 10U;
    if (auto r = step(*m_cloud, "download", call); !r)
        return r;
    auto &s = m_cloud->state();
    std::string bytes;
    {
        const std::scoped_lock lock(s.mutex);
        const Node *node = s.findLocked(file.value);
        if (node == nullptr)
            return notFound();
        if (node->entry.kind != EntryKind::File)
            return Error{Errc::InvalidArgument, "not a file", kOrigin, "not_file"};
        if (!revision.empty() && node->entry.revision != revision) {
            Error error{Errc::Conflict, "the file is another one now", kOrigin};
            error.stable = "file-changed";
            return error;
        }
        bytes = node->bytes;
    }
    if (offset < 0 || static_cast<std::size_t>(offset) > bytes.size())
        return Error{Errc::InvalidArgument, "an offset outside of the file", kOrigin};
    for (auto at = static_cast<std::size_t>(offset); at < bytes.size(); at += kPiece) {
        if (auto r = step(*m_cloud, "body", call); !r)
            return r;
        const std::size_t n = std::min(kPiece, bytes.size() - at);
        if (auto r = out.write({bytes.data() + at, n}); !r)
            return r;
        call.report({static_cast<std::int64_t>(at + n), static_cast<std::int64_t>(bytes.size())});
    }
    return {};
}

Result<Entry> MemoryProvider::upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                                     const std::function<Result<void>(const UploadState &)> &onState, const Call &call)
{
    if (auto r = step(*m_cloud, "upload", call); !r)
        return std::move(r).error();
    if (auto r = checkName(target.name); !r)
        return std::move(r).error();
    auto &s = m_cloud->state();
    const std::int64_t size = in.size().value_or(-1);
    if (size < 0)
        return Error{Errc::InvalidArgument, "the source does not announce its size", kOrigin};
    const auto wanted = static_cast<std::size_t>(size);
    std::string session = resume.opaque;
    std::size_t at = 0;
    {
        const std::scoped_lock lock(s.mutex);
        if (auto r = s.folderLocked(target.folder); !r)
            return std::move(r).error();
        if (const auto done = s.done.find(session); done != s.done.end())
            if (const Node *node = s.findLocked(done->second))
                return node->entry;
        if (s.usedLocked() + size > s.options.quota)
            return Error{Errc::QuotaExceeded, "the account is full", kOrigin};
        if (s.uploads.find(session) == s.uploads.end()) {
            session = makeToken(16);
            s.uploads[session];
        }
        at = s.uploads[session].size();
    }
    if (at > 0)
        if (auto r = in.seek(static_cast<std::int64_t>(at)); !r)
            return std::move(r).error();

    const bool bySession = size > s.options.simpleMax;
    const auto drop = [&](Error error) -> Result<Entry> {
        const std::scoped_lock lock(s.mutex);
        if (!bySession)
            s.uploads.erase(session);
        return error;
    };
    std::string piece;
    while (at < wanted) {
        if (auto r = step(*m_cloud, "chunk", call); !r)
            return drop(std::move(r).error());
        piece.resize(std::min(wanted - at, static_cast<std::size_t>(s.options.chunk)));
        std::size_t filled = 0;
        while (filled < piece.size()) {
            auto n = in.read({piece.data() + filled, piece.size() - filled});
            if (!n)
                return drop(std::move(n).error());
            if (*n == 0)
                return drop(Error{Errc::DataLoss, "the source ended before its announced size"});
            filled += *n;
        }
        {
            const std::scoped_lock lock(s.mutex);
            s.uploads[session] += piece;
        }
        at += piece.size();
        call.report({static_cast<std::int64_t>(at), size});
        if (bySession && onState)
            if (auto r = onState({session}); !r)
                return drop(std::move(r).error());
    }
    if (!bySession && onState) // by which a lost answer is recognised
        if (auto r = onState({session}); !r)
            return drop(std::move(r).error());
    if (auto r = step(*m_cloud, "commit", call); !r)
        return drop(std::move(r).error());

    Entry result;
    {
        const std::scoped_lock lock(s.mutex);
        if (auto r = s.folderLocked(target.folder); !r)
            return std::move(r).error();
        std::string name = target.name;
        Node *there = s.options.duplicateNames && target.onConflict == OnConflict::Rename
                          ? nullptr
                          : s.namedLocked(target.folder.value, name);
        if (there != nullptr && (target.onConflict == OnConflict::Fail ||
                                 (target.onConflict == OnConflict::Replace && there->entry.kind != EntryKind::File)))
            return Error{Errc::Conflict, "the name is taken", kOrigin, "conflict"};
        if (there != nullptr && target.onConflict == OnConflict::Rename) {
            name = s.freeNameLocked(target.folder.value, name);
            there = nullptr;
        }
        Node fresh;
        fresh.parent = target.folder.value;
        fresh.entry.id.value = s.nextId("file-");
        fresh.entry.name = name;
        Node &node = there != nullptr ? *there : s.nodes[fresh.entry.id.value] = std::move(fresh);
        node.bytes = std::move(s.uploads[session]);
        s.uploads.erase(session);
        node.entry.size = size;
        node.entry.modified = target.modified.value_or(s.options.clock());
        node.entry.revision = s.nextId("rev-");
        node.entry.contentHash = hashOf(node.bytes);
        s.done[session] = node.entry.id.value;
        result = node.entry;
    }
    if (auto r = step(*m_cloud, "committed", call); !r) {
        if (r.error().code == Errc::Cancelled) { // a cancelled upload leaves nothing
            const std::scoped_lock lock(s.mutex);
            s.nodes.erase(result.id.value);
        }
        return std::move(r).error();
    }
    return result;
}

Result<void> MemoryProvider::remove(const EntryId &file, const Call &call)
{
    if (auto r = step(*m_cloud, "remove", call); !r)
        return r;
    auto &s = m_cloud->state();
    const std::scoped_lock lock(s.mutex);
    if (s.nodes.erase(file.value) == 0)
        return notFound();
    return {};
}

Result<Page> MemoryProvider::search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                                    const Call &call)
{
    if (auto r = step(*m_cloud, "search", call); !r)
        return std::move(r).error();
    auto &s = m_cloud->state();
    const std::scoped_lock lock(s.mutex);
    if (auto r = s.folderLocked(folder); !r)
        return std::move(r).error();
    const auto below = [&](const Node &node) {
        for (const Node *at = &node; at != nullptr; at = s.findLocked(at->parent))
            if (at->parent == folder.value)
                return true;
        return folder.value.empty();
    };
    std::vector<Entry> all;
    for (const auto &[id, node] : s.nodes)
        if (toLowerAscii(node.entry.name).find(toLowerAscii(text)) != std::string::npos && below(node))
            all.push_back(node.entry);
    return pageOf(std::move(all), pageToken, s.epoch, s.options.pageSize);
}

Result<Entry> MemoryProvider::createFolder(const EntryId &parent, const std::string &name, const Call &call)
{
    if (auto r = step(*m_cloud, "createFolder", call); !r)
        return std::move(r).error();
    if (auto r = checkName(name); !r)
        return std::move(r).error();
    auto made = makeFolder(parent, name);
    if (!made)
        return made;
    if (auto r = step(*m_cloud, "folderMade", call); !r)
        return std::move(r).error();
    return made;
}

Result<Entry> MemoryProvider::makeFolder(const EntryId &parent, const std::string &name)
{
    auto &s = m_cloud->state();
    const std::scoped_lock lock(s.mutex);
    if (auto r = s.folderLocked(parent); !r)
        return std::move(r).error();
    if (s.namedLocked(parent.value, name) != nullptr)
        return Error{Errc::Conflict, "the name is taken", kOrigin, "conflict"};
    Node node;
    node.parent = parent.value;
    node.entry.id.value = s.nextId("folder-");
    node.entry.name = name;
    node.entry.kind = EntryKind::Folder;
    node.entry.downloadable = false;
    const Entry entry = node.entry;
    s.nodes[entry.id.value] = std::move(node);
    return entry;
}

std::unique_ptr<ContentHasher> makeHasher()
{
    return std::make_unique<Sha256>();
}

} // namespace connector::memory
