// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "http/json_body.h"
#include "http/url.h"
#include "providers/onedrive/onedrive_codec.h"
#include "providers/reply.h"

namespace connector::onedrive {

using nlohmann::json;

namespace {

Result<json> objectOf(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return jsonObjectOf(reply, kOrigin);
}

Result<json> valuesOf(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return body;
    if (!memberOf(*body, "value").is_array())
        return badReply(kOrigin, "a list without values", reply.status);
    return body;
}

DriveKind kindOf(const std::string &type)
{
    const std::string lower = toLowerAscii(type);
    if (lower == "personal")
        return DriveKind::Personal;
    if (lower == "business")
        return DriveKind::Business;
    return lower == "documentlibrary" ? DriveKind::Library : DriveKind::Unknown;
}

std::optional<WallTime> timeOf(const json &object, const char *key)
{
    auto time = parseRfc3339(textOf(object, key));
    return time ? std::optional(*time) : std::nullopt;
}

std::string hashOf(const json &file)
{
    auto bytes = fromBase64(textOf(memberOf(file, "hashes"), "quickXorHash"));
    return bytes && bytes->size() == 20 ? "quickxor:" + toHex(*bytes) : std::string();
}

// "/drives/x/root:/a/b%20c" of the parent, as people write it.
std::string visiblePath(const json &parent, const std::string &name)
{
    const std::string path = textOf(parent, "path");
    const std::size_t colon = path.find(":");
    return colon == std::string::npos ? std::string() : makeUtf8(percentDecode(path.substr(colon + 1))) + "/" + name;
}

// The item, or nothing for what is none (deleted ones, kinds of tomorrow).
std::optional<Item> itemOf(const json &object, const std::string &drive)
{
    // An item that lives in another drive: there it has its own id, kind and size.
    const json &elsewhere = memberOf(object, "remoteItem");
    const bool remote = elsewhere.is_object();
    const json &own = remote ? elsewhere : object;
    const json &parent = memberOf(own, "parentReference");

    Item item;
    item.remote = remote;
    item.at = {driveKey(textOf(parent, "driveId")), textOf(own, "id")};
    if (item.at.drive.empty() && !remote)
        item.at.drive = drive;
    item.parent = textOf(parent, "id");
    item.kind = kindOf(textOf(parent, "driveType"));
    Entry &entry = item.entry;
    entry.name = textOf(object, "name");
    if (entry.name.empty())
        entry.name = textOf(own, "name");
    if (!isId(item.at.item) || (!item.at.drive.empty() && !isId(item.at.drive)) || entry.name.empty() ||
        memberOf(object, "deleted").is_object())
        return std::nullopt;
    entry.id = idOf(item.at);

    item.created = timeOf(own, "createdDateTime");
    const json &times = memberOf(own, "fileSystemInfo");
    entry.modified = timeOf(times, "lastModifiedDateTime");
    if (!entry.modified)
        entry.modified = timeOf(own, "lastModifiedDateTime");
    entry.path = visiblePath(parent, entry.name);
    if (memberOf(own, "package").is_object()) { // a notebook: neither a folder that opens nor a file with bytes
        entry.kind = EntryKind::Document;
        entry.downloadable = false;
        return item;
    }
    const json &file = memberOf(own, "file");
    if (memberOf(own, "folder").is_object() || memberOf(own, "root").is_object() ||
        memberOf(own, "bundle").is_object()) {
        entry.kind = EntryKind::Folder;
        entry.downloadable = false;
        entry.writable = !memberOf(own, "bundle").is_object();
        return item;
    }
    if (!file.is_object())
        return std::nullopt;
    entry.size = integerOf(own, "size");
    if (entry.size && *entry.size < 0)
        entry.size.reset();
    entry.mimeType = textOf(file, "mimeType");
    entry.contentHash = hashOf(file);
    entry.revision = textOf(own, "cTag");
    if (entry.revision.empty())
        entry.revision = textOf(own, "eTag");
    item.infected = memberOf(own, "malware").is_object();
    entry.downloadable = !item.infected;
    entry.convertible = entry.downloadable && becomesPdf(entry.name);
    return item;
}

std::optional<Drive> driveOf(const json &object)
{
    Drive drive;
    drive.id = driveKey(textOf(object, "id"));
    if (!isId(drive.id))
        return std::nullopt;
    drive.kind = kindOf(textOf(object, "driveType"));
    drive.name = textOf(object, "name");
    const json &quota = memberOf(object, "quota");
    // Zero is how an account that does not tell says so.
    if (const auto total = integerOf(quota, "total"); total && *total > 0) {
        drive.total = total;
        if (const auto used = integerOf(quota, "used"); used && *used >= 0)
            drive.used = used;
    }
    return drive;
}

Result<Ranges> rangesOf(const json &body, int status)
{
    const json &list = memberOf(body, "nextExpectedRanges");
    if (!list.is_array())
        return badReply(kOrigin, "an upload session that does not say what it waits for", status);
    Ranges ranges;
    for (const json &each : list) {
        if (!each.is_string())
            return badReply(kOrigin, "not a range", status);
        const auto &text = each.get_ref<const std::string &>();
        const std::size_t dash = text.find('-');
        const auto number = [](std::string_view digits) -> std::optional<std::int64_t> {
            if (digits.empty() || digits.size() > 18 ||
                digits.find_first_not_of("0123456789") != std::string_view::npos)
                return std::nullopt;
            return std::stoll(std::string(digits));
        };
        const auto first = number(std::string_view(text).substr(0, std::min(dash, text.size())));
        const std::string_view end = dash == std::string::npos ? "" : std::string_view(text).substr(dash + 1);
        const auto last = end.empty() ? std::optional<std::int64_t>(-1) : number(end);
        if (!first || !last || (*last >= 0 && *last < *first))
            return badReply(kOrigin, "not a range", status);
        if (!ranges.next || *first < ranges.next->first)
            ranges.next = Ranges::Range{*first, *last};
    }
    return ranges;
}

} // namespace

Result<Account> decodeAccount(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    Account account;
    account.id = textOf(*body, "id");
    if (account.id.empty())
        return badReply(kOrigin, "an account without an id", reply.status);
    account.name = textOf(*body, "displayName");
    account.email = textOf(*body, "mail");
    if (account.email.empty()) {
        const std::string name = textOf(*body, "userPrincipalName");
        // A guest's principal name has the look of an address and is none.
        if (name.find('@') != std::string::npos && name.find('#') == std::string::npos)
            account.email = name;
    }
    // Nobody vouches for it here: an administrator may enter any address. The sign-in may; see addFromIdToken().
    account.emailVerified = false;
    return account;
}

void addFromIdToken(const std::string &idToken, Account &account)
{
    const std::size_t first = idToken.find('.');
    const std::size_t second = first == std::string::npos ? first : idToken.find('.', first + 1);
    if (second == std::string::npos)
        return;
    auto text = fromBase64Url(std::string_view(idToken).substr(first + 1, second - first - 1));
    auto claims = text ? parseJson(*text, 8) : Result<json>(text.error());
    if (!claims)
        return;
    // Written as a truth value, a number or a text, depending on who wrote it.
    const std::string word = toLowerAscii(textOf(*claims, "xms_edov"));
    const bool proved =
        flagOf(*claims, "xms_edov") || integerOf(*claims, "xms_edov") == 1 || word == "true" || word == "1";
    const std::string email = textOf(*claims, "email");
    // Of that address only: the profile may show another.
    if (proved && !email.empty() && toLowerAscii(email) == toLowerAscii(account.email))
        account.emailVerified = true;
}

Result<Drive> decodeDrive(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    auto drive = driveOf(*body);
    if (!drive)
        return badReply(kOrigin, "a drive without an id", reply.status);
    return std::move(*drive);
}

Result<std::vector<Drive>> decodeDrives(const HttpReply &reply)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    std::vector<Drive> drives;
    for (const json &each : memberOf(*body, "value"))
        if (auto drive = driveOf(each))
            drives.push_back(std::move(*drive));
    return drives;
}

Result<std::vector<Site>> decodeSites(const HttpReply &reply)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    std::vector<Site> sites;
    for (const json &each : memberOf(*body, "value")) {
        Site site{textOf(each, "id"), textOf(each, "displayName")};
        if (site.name.empty())
            site.name = textOf(each, "name");
        if (isId(site.id))
            sites.push_back(std::move(site));
    }
    return sites;
}

Result<ItemPage> decodeItems(const Hosts &hosts, const HttpReply &reply, const std::string &drive)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    ItemPage page;
    for (const json &each : memberOf(*body, "value"))
        if (auto item = itemOf(each, drive))
            page.items.push_back(std::move(*item));
    page.next = textOf(*body, "@odata.nextLink");
    if (!page.next.empty() && !isPageUrl(hosts, page.next))
        return badReply(kOrigin, "the next page is not Graph's", reply.status);
    return page;
}

Result<Item> decodeItem(const HttpReply &reply, const std::string &drive)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    auto item = itemOf(*body, drive);
    if (!item)
        return badReply(kOrigin, "not an item", reply.status);
    return std::move(*item);
}

Result<Session> decodeSession(const Hosts &hosts, const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    Session session;
    session.url = textOf(*body, "uploadUrl");
    if (!isBytesUrl(hosts, session.url))
        return badReply(kOrigin, "an upload session at no place for bytes", reply.status);
    session.ranges.next = Ranges::Range{};
    if (memberOf(*body, "nextExpectedRanges").is_array()) {
        auto ranges = rangesOf(*body, reply.status);
        if (!ranges)
            return std::move(ranges).error();
        session.ranges = *ranges;
    }
    return session;
}

Result<Ranges> decodeRanges(const HttpReply &reply)
{
    auto body = objectOf(reply);
    if (!body)
        return std::move(body).error();
    return rangesOf(*body, reply.status);
}

Result<std::string> decodeThumbnail(const Hosts &hosts, const HttpReply &reply, int pixels)
{
    auto body = valuesOf(reply);
    if (!body)
        return std::move(body).error();
    const json &sets = memberOf(*body, "value");
    const Error none{Errc::Unsupported, "there is no thumbnail of this", kOrigin, {}, reply.status};
    if (sets.empty())
        return none;
    // The smallest that is large enough, else the largest.
    std::string best;
    std::int64_t bestEdge = 0;
    for (const char *size : {"small", "medium", "large"}) {
        const json &picture = memberOf(sets.front(), size);
        const std::string url = textOf(picture, "url");
        const std::int64_t edge =
            std::max(integerOf(picture, "width").value_or(0), integerOf(picture, "height").value_or(0));
        if (url.empty() || (!best.empty() && bestEdge >= pixels))
            continue;
        best = url;
        bestEdge = edge;
    }
    if (best.empty())
        return none;
    if (!isBytesUrl(hosts, best))
        return badReply(kOrigin, "a thumbnail at no place for bytes", reply.status);
    return best;
}

Result<void> decodeNothing(const HttpReply &reply)
{
    if (reply.status / 100 != 2)
        return decodeError(reply);
    return {};
}

Result<std::string> decodeRedirect(const Hosts &hosts, const std::string &from, const HttpReply &reply)
{
    auto target = resolveUrl(from, std::string(reply.headers.get("Location")));
    if (!target || !isBytesUrl(hosts, *target))
        return badReply(kOrigin, "a redirect to no place for bytes", reply.status);
    return target;
}

} // namespace connector::onedrive
