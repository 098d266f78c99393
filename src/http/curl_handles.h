// SPDX-License-Identifier: Apache-2.0
// libcurl's handles, given back at the end.
#pragma once

#include <curl/curl.h>

#include <memory>

namespace connector {

struct CurlDeleter {
    void operator()(CURL *easy) const { curl_easy_cleanup(easy); }
    void operator()(curl_slist *list) const { curl_slist_free_all(list); }
};
struct CurlMultiDeleter { // CURL and CURLM are both void
    void operator()(CURLM *multi) const { curl_multi_cleanup(multi); }
};
using CurlEasy = std::unique_ptr<CURL, CurlDeleter>;
using CurlMulti = std::unique_ptr<CURLM, CurlMultiDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

} // namespace connector
