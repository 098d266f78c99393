// SPDX-License-Identifier: Apache-2.0
#include "providers/provider.h"

namespace connector {

Result<std::vector<Place>> Provider::places(const Call &)
{
    return std::vector<Place>{};
}

Result<Page> Provider::search(const std::string &, const EntryId &, const std::string &, const Call &)
{
    return Error{Errc::Unsupported, "this cloud cannot search", id()};
}

Result<Entry> Provider::createFolder(const EntryId &, const std::string &, const Call &)
{
    return Error{Errc::Unsupported, "this cloud cannot create folders", id()};
}

Result<void> Provider::downloadPdf(const EntryId &, ByteSink &, const Call &)
{
    return Error{Errc::Unsupported, "this cloud does not convert to PDF", id()};
}

Result<void> Provider::thumbnail(const EntryId &, int, ByteSink &, const Call &)
{
    return Error{Errc::Unsupported, "this cloud has no thumbnails", id()};
}

Result<void> Provider::revoke(const Call &)
{
    return Error{Errc::Unsupported, "this cloud cannot end a grant", id()};
}

} // namespace connector
