// SPDX-License-Identifier: Apache-2.0
// A cloud account seen as folders and files: what every adapter offers, and what it may offer on top.
#pragma once

#include "core/bytes.h"
#include "core/call.h"
#include "core/time.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace connector {

// Names an entry of one account. Opaque: made by the adapter, kept by the caller, never built from names.
// The empty id is the root.
struct EntryId {
    std::string value;
    friend bool operator==(const EntryId &, const EntryId &) = default;
};

enum class EntryKind { Folder, File, Document /* the cloud's own format, without bytes */, Link };

struct Entry {
    EntryId id;
    std::string name; // UTF-8; not fit for a local path
    EntryKind kind = EntryKind::File;
    std::optional<std::int64_t> size;
    std::optional<WallTime> modified;
    std::string mimeType;    // "" where the cloud has none
    std::string revision;    // changes when the content does; "" where unknown
    std::string contentHash; // "algorithm:hex", in the cloud's own algorithm; "" where unknown
    std::string path;        // for people, where the cloud tells it (search results)
    bool downloadable = true;
    bool convertible = false; // downloadPdf() gives it as a PDF
    bool writable = true;     // folders: takes new files, as far as the cloud tells
};

// A folder that stands beside the root: what others share, team drives, document libraries. list() takes its id.
struct Place {
    enum class Kind { SharedWithMe, Recent, Drive /* shared drives, SharePoint libraries: has a name */ };
    EntryId id;
    Kind kind = Kind::Drive;
    std::string name; // "" where faces name it by its kind
};

enum class SortKey { Name, Modified, Size };
struct Sort {
    SortKey by = SortKey::Name;
    bool descending = false;
};

struct Page {
    std::vector<Entry> entries; // may be fewer than asked, even none, with more to come
    std::string nextPageToken;  // "" at the end
    bool sorted = false;        // in the wanted order over all pages
};

struct Account {
    std::string id; // stable key of the account
    std::string name;
    std::string email;
    bool emailVerified = false;
    std::optional<std::int64_t> usedBytes;
    std::optional<std::int64_t> totalBytes;
};

enum class OnConflict { Fail, Rename, Replace };

struct UploadTarget {
    EntryId folder;
    std::string name;
    OnConflict onConflict = OnConflict::Rename;
    std::optional<WallTime> modified = {};
};

// How far a resumable upload got: a secret (it may hold a session URL), stored sealed by the caller after each change.
// Opaque to the caller; "" starts from nothing.
struct UploadState {
    std::string opaque;
};

// What search() really covers when it is given a folder; the results are narrowed to it wherever the cloud lets us
// tell.
enum class SearchScope { Subtree, Folder /* its direct entries only */, Account };

// Facts about an adapter; nobody asks "which cloud is this". Some depend on the kind of account, which an adapter knows
// for sure only after its first call; before, it promises what holds for every kind.
struct Features {
    bool verifiedEmail = true; // account() tells whether the address is the owner's; where not, it is never verified
    bool search = false;
    SearchScope searchScope = SearchScope::Subtree;
    bool places = false;
    bool createFolder = false;
    bool thumbnails = false;
    std::vector<SortKey> serverSort = {}; // keys by which list() sorts over all pages
    bool duplicateNames = false;          // two entries of one folder may have the same name
    bool caseInsensitiveNames = false;
    std::string forbiddenInNames = "/\\"; // characters that no name may hold; which else it refuses, the cloud says
    std::size_t longestName = 255;        // letters that a name may have for sure
    bool keepsModified = true;            // an uploaded file is dated UploadTarget::modified
    bool tellsAccount = true;             // account() knows name, e-mail and quota
    std::string hashAlgorithm = {};       // of Entry::contentHash; "" where the cloud has none
    std::int64_t simpleUploadMax = 0;     // larger ones go by session
    std::int64_t chunkSize = 0; // bytes per request of a session; 0: no sessions, or the cloud tells each time
    std::int64_t uploadMax = 0; // 0: bound only by the account
};

// Every call blocks and is made from a worker thread, one call at a time per object. Implementations never throw, never
// sleep without watching call.stop, and never see a token: they are given an HttpClient that already signs requests.
// All calls fail with Cancelled, Timeout, Offline, Unavailable, RateLimited (retryAfter), Unauthenticated (sign in
// again), PermissionDenied (stable "scope-missing" when the grant is too narrow), BadReply; what else, each says. Every
// error keeps the cloud's own code and status. Links to files or folders elsewhere in the account (shortcuts, remote
// items) are listed as what they point at.
class Provider {
public:
    virtual ~Provider() = default;

    virtual std::string id() const = 0; // "dropbox"; also the key in settings and logs
    virtual Features features() const = 0;

    virtual Result<Account> account(const Call &call) = 0;

    // Lists one page; an empty token asks for the first. NotFound when the folder is gone; Conflict with the stable
    // code "list-restart" when the token died: list again from the top.
    virtual Result<Page> list(const EntryId &folder, const std::string &pageToken, const Sort &sort,
                              const Call &call) = 0;

    // The entry as it is now. NotFound.
    virtual Result<Entry> stat(const EntryId &id, const Call &call) = 0;

    // Streams the file into out from `offset` on, of just that revision where one is given (Conflict with the stable
    // code "file-changed" when the file is another one now). DataLoss when the body ends early; what was written stays
    // in out, so that the caller can resume behind it.
    virtual Result<void> download(const EntryId &file, const std::string &revision, std::int64_t offset, ByteSink &out,
                                  const Call &call) = 0;

    // Creates a file and returns it as it is in the cloud (its name may differ by policy). A source that ends before
    // its announced size is DataLoss, and nothing remains. Conflict under OnConflict::Fail, QuotaExceeded, Unsupported
    // (too large: stable "file-too-large"), InvalidArgument (stable "name-invalid"). Large files go by session: onState
    // gets the state after each accepted chunk, before the next is sent; given back in `resume` later, also by another
    // process, the upload goes on there. The source must be seekable for that. A finished upload whose answer was lost
    // is recognised, not repeated.
    virtual Result<Entry> upload(const UploadTarget &target, ByteSource &in, const UploadState &resume,
                                 const std::function<Result<void>(const UploadState &)> &onState, const Call &call) = 0;

    // Deletes a file (NotFound when it is gone already). Used to leave nothing behind after a cancel.
    virtual Result<void> remove(const EntryId &file, const Call &call) = 0;

    // Optional; see Features. The defaults say Unsupported; places() is empty.
    virtual Result<std::vector<Place>> places(const Call &call);
    virtual Result<Page> search(const std::string &text, const EntryId &folder, const std::string &pageToken,
                                const Call &call);
    virtual Result<Entry> createFolder(const EntryId &parent, const std::string &name, const Call &call);
    // Unsupported when the cloud does not convert it after all, or (stable "conversion-too-large") not at this size.
    virtual Result<void> downloadPdf(const EntryId &file, ByteSink &out, const Call &call);
    virtual Result<void> thumbnail(const EntryId &file, int pixels, ByteSink &out, const Call &call);
    virtual Result<void> revoke(const Call &call); // ends the grant at the cloud
};

// The cloud's own hash, computed on the way: feed all bytes, then result() is comparable with Entry::contentHash.
class ContentHasher {
public:
    virtual ~ContentHasher() = default;
    virtual void update(std::span<const char> bytes) = 0;
    virtual std::string result() = 0; // "algorithm:hex"; once, at the end
};

} // namespace connector
