// SPDX-License-Identifier: Apache-2.0
// QPDF, without its JSON: nobody here uses that, and clang 14 does not compile its header (a std::vector of an
// incomplete class, which C++20 made constexpr).
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#define POINTERHOLDER_TRANSITION 4 // std::shared_ptr only
#define JSON_HH
class JSON;

#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QPDFSystemError.hh>
#include <qpdf/QPDFWriter.hh>
