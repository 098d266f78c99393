// SPDX-License-Identifier: Apache-2.0
#include "eye.h"

#include <QAccessible>
#include <QColor>
#include <QGuiApplication>
#include <QMetaProperty>
#include <QRegularExpression>

#include <algorithm>
#include <functional>

namespace paneldriver {

namespace {

constexpr double kTouchHeight = 56;

bool isKind(const QQuickItem *item, const char *className)
{
    return item->inherits(className);
}

double wholeOpacity(QQuickItem *item)
{
    double opacity = 1;
    for (auto *i = item; i; i = i->parentItem())
        opacity *= i->opacity();
    return opacity;
}

bool accepts(QQuickItem *item)
{
    // Mouse areas have an `enabled` of their own beside their item's.
    return item->isEnabled() && item->property("enabled").toBool() &&
           (item->acceptedMouseButtons() != Qt::NoButton || item->acceptTouchEvents());
}

// Children as they are painted: by z, then in order.
QList<QQuickItem *> painted(QQuickItem *item)
{
    auto children = item->childItems();
    std::stable_sort(children.begin(), children.end(), [](QQuickItem *a, QQuickItem *b) { return a->z() < b->z(); });
    return children;
}

QRectF sceneRect(QQuickItem *item)
{
    return item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
}

// The topmost item that takes a press at this place.
QQuickItem *takerAt(QQuickItem *item, QPointF scene)
{
    if (!item->isVisible() || item->opacity() <= 0)
        return nullptr;
    const bool inside = item->contains(item->mapFromScene(scene));
    if (item->clip() && !inside)
        return nullptr;
    const auto children = painted(item);
    for (auto i = children.crbegin(); i != children.crend(); ++i) {
        if (auto *taker = takerAt(*i, scene))
            return taker;
    }
    return inside && accepts(item) ? item : nullptr;
}

bool isAncestor(const QQuickItem *ancestor, QQuickItem *item)
{
    for (auto *i = item; i; i = i->parentItem()) {
        if (i == ancestor)
            return true;
    }
    return false;
}

QString accessibleName(QQuickItem *item)
{
    auto *face = QAccessible::queryAccessibleInterface(item);
    return face && face->isValid() && face->role() != QAccessible::NoRole ? face->text(QAccessible::Name) : QString();
}

bool fits(QQuickItem *item, const QJsonObject &spec, const QRegularExpression &like)
{
    if (spec.contains(u"name") && item->objectName() != spec[u"name"].toString())
        return false;
    if (spec.contains(u"type") &&
        !QString::fromUtf8(item->metaObject()->className()).contains(spec[u"type"].toString()))
        return false;
    if (spec.contains(u"text") || spec.contains(u"like")) {
        const auto said = [&](const QString &words) {
            return !words.isEmpty() && (!spec.contains(u"text") || words == spec[u"text"].toString()) &&
                   (!spec.contains(u"like") || like.match(words).hasMatch());
        };
        if (!said(wordsOf(item)) && !said(accessibleName(item)))
            return false;
    }
    const auto with = spec[u"with"].toObject();
    for (auto i = with.begin(); i != with.end(); ++i) {
        if (QJsonValue::fromVariant(item->property(qPrintable(i.key()))) != i.value())
            return false;
    }
    if (spec.contains(u"within")) {
        auto *i = item->parentItem();
        while (i && i->objectName() != spec[u"within"].toString())
            i = i->parentItem();
        if (!i)
            return false;
    }
    return true;
}

void walkPainted(QQuickItem *item, const std::function<void(QQuickItem *)> &visit)
{
    if (!item->isVisible() || item->opacity() <= 0)
        return;
    visit(item);
    for (auto *child : painted(item))
        walkPainted(child, visit);
}

bool isText(const QQuickItem *item)
{
    return isKind(item, "QQuickText") || isKind(item, "QQuickTextInput") || isKind(item, "QQuickTextEdit");
}

bool isTarget(const QQuickItem *item)
{
    return isKind(item, "QQuickAbstractButton") || isKind(item, "QQuickTextField") || isKind(item, "QQuickComboBox");
}

bool covers(QQuickItem *item)
{
    if (isKind(item, "QQuickRectangle"))
        return item->property("color").value<QColor>().alphaF() * static_cast<float>(wholeOpacity(item)) > 0.25F;
    return isKind(item, "QQuickImageBase") && wholeOpacity(item) > 0.9;
}

bool inKeyboard(QQuickItem *item)
{
    for (auto *i = item; i; i = i->parentItem()) {
        if (i->objectName().contains(u"keyboard", Qt::CaseInsensitive) ||
            isKind(i, "QQuickVirtualKeyboardInputPanel") ||
            QByteArray(i->metaObject()->className()).startsWith("InputPanel"))
            return true;
    }
    return false;
}

QJsonArray rectOf(const QRectF &rect)
{
    return {qRound(rect.x()), qRound(rect.y()), qRound(rect.width()), qRound(rect.height())};
}

// Where a text's letters are, which is less than its item where that is wider.
QRectF inkRect(QQuickItem *text)
{
    const double w = std::min(text->width(), text->property("contentWidth").toDouble());
    const double h = std::min(text->height(), text->property("contentHeight").toDouble());
    const int across = text->property("effectiveHorizontalAlignment").toInt();
    const int down = text->property("verticalAlignment").toInt();
    double x = 0;
    double y = 0;
    if (across & Qt::AlignRight)
        x = text->width() - w;
    else if (across & Qt::AlignHCenter)
        x = (text->width() - w) / 2;
    if (down & Qt::AlignBottom)
        y = text->height() - h;
    else if (down & Qt::AlignVCenter)
        y = (text->height() - h) / 2;
    return text->mapRectToScene(QRectF(x, y, w, h));
}

} // namespace

QString Wanted::describe() const
{
    QStringList parts;
    for (auto i = spec.begin(); i != spec.end(); ++i)
        parts << i.key() + " " + i.value().toVariant().toString();
    return parts.join(u", ");
}

QQuickWindow *shownWindow()
{
    QQuickWindow *best = nullptr;
    for (auto *window : QGuiApplication::topLevelWindows()) {
        auto *quick = qobject_cast<QQuickWindow *>(window);
        if (quick && quick->isVisible() && (!best || quick->width() * quick->height() > best->width() * best->height()))
            best = quick;
    }
    return best;
}

QString wordsOf(QQuickItem *item)
{
    for (const char *property : {"text", "displayText", "title"}) {
        const auto value = item->property(property);
        if (value.userType() == QMetaType::QString && !value.toString().isEmpty())
            return value.toString();
    }
    return {};
}

QRectF shownRect(QQuickItem *item)
{
    auto rect = sceneRect(item);
    for (auto *i = item->parentItem(); i; i = i->parentItem()) {
        if (i->clip())
            rect &= sceneRect(i);
    }
    if (item->window())
        rect &= QRectF(QPointF(), QSizeF(item->window()->size()));
    return rect;
}

bool isShown(QQuickItem *item)
{
    if (!item->isVisible() || wholeOpacity(item) < 0.1)
        return false;
    const auto rect = shownRect(item);
    return rect.width() >= 1 && rect.height() >= 1;
}

QString whyUntouchable(QQuickItem *item)
{
    if (!isShown(item))
        return QStringLiteral("it is not shown");
    if (!item->isEnabled())
        return QStringLiteral("it is disabled");
    const auto whole = sceneRect(item);
    const auto centre = whole.center();
    if (!shownRect(item).contains(centre))
        return QStringLiteral("its middle is outside the window or clipped away");
    auto *taker = takerAt(item->window()->contentItem(), centre);
    if (!taker)
        return QStringLiteral("nothing there takes a tap");
    if (isAncestor(item, taker) || isAncestor(taker, item))
        return {};
    return QStringLiteral("something lies over it: ") + QString::fromUtf8(taker->metaObject()->className()) + " " +
           taker->objectName();
}

std::vector<QQuickItem *> find(const Wanted &wanted)
{
    std::vector<QQuickItem *> found;
    auto *window = shownWindow();
    if (!window)
        return found;
    const QRegularExpression like(wanted.spec[u"like"].toString(), QRegularExpression::UseUnicodePropertiesOption);
    walkPainted(window->contentItem(), [&](QQuickItem *item) {
        if (!fits(item, wanted.spec, like) || !isShown(item))
            return;
        for (auto *outer : found) {
            if (isAncestor(outer, item))
                return;
        }
        found.push_back(item);
    });
    if (wanted.spec.contains(u"nth")) { // as a person counts: in reading order
        std::stable_sort(found.begin(), found.end(), [](QQuickItem *a, QQuickItem *b) {
            const auto one = sceneRect(a);
            const auto other = sceneRect(b);
            return one.y() != other.y() ? one.y() < other.y() : one.x() < other.x();
        });
        const auto nth = static_cast<std::size_t>(wanted.spec[u"nth"].toInt());
        if (nth >= found.size())
            return {};
        return {found[nth]};
    }
    std::reverse(found.begin(), found.end());
    return found;
}

bool settled(QQuickWindow *window)
{
    bool all = true;
    walkPainted(window->contentItem(), [&](QQuickItem *item) {
        const auto value = item->property("settled");
        all = all && (value.userType() != QMetaType::Bool || value.toBool());
    });
    return all;
}

QJsonObject describeItem(QQuickItem *item)
{
    QJsonObject properties; // those that its own type adds
    const auto *type = item->metaObject();
    for (int i = QQuickItem::staticMetaObject.propertyCount(); i < type->propertyCount(); ++i) {
        const auto value = type->property(i).read(item);
        const int kind = value.userType();
        if (kind == QMetaType::Bool || kind == QMetaType::Int || kind == QMetaType::Double ||
            kind == QMetaType::QString)
            properties[QString::fromUtf8(type->property(i).name())] = QJsonValue::fromVariant(value);
    }
    return {{"properties", properties},
            {"name", item->objectName()},
            {"type", QString::fromUtf8(item->metaObject()->className())},
            {"text", wordsOf(item)},
            {"rect", rectOf(sceneRect(item))},
            {"enabled", item->isEnabled()},
            {"focus", item->hasActiveFocus()},
            {"untouchable", whyUntouchable(item)}};
}

QJsonArray tree(QQuickWindow *window)
{
    QJsonArray lines;
    walkPainted(window->contentItem(), [&](QQuickItem *item) {
        const auto words = wordsOf(item);
        if (!isShown(item) || (words.isEmpty() && item->objectName().isEmpty()))
            return;
        lines.append(QJsonObject{{"name", item->objectName()},
                                 {"type", QString::fromUtf8(item->metaObject()->className())},
                                 {"text", words},
                                 {"rect", rectOf(sceneRect(item))},
                                 {"enabled", item->isEnabled()}});
    });
    return lines;
}

QJsonArray faults(QQuickWindow *window, const QJsonObject &options)
{
    QJsonArray faults;
    const auto report = [&](const char *what, QQuickItem *item, const QString &more = {}) {
        faults.append(QJsonObject{{"fault", QString::fromUtf8(what)},
                                  {"name", item->objectName()},
                                  {"type", QString::fromUtf8(item->metaObject()->className())},
                                  {"text", wordsOf(item)},
                                  {"rect", rectOf(sceneRect(item))},
                                  {"more", more}});
    };
    const QRectF screen(QPointF(), QSizeF(window->size()));

    std::vector<QQuickItem *> order;
    walkPainted(window->contentItem(), [&](QQuickItem *item) { order.push_back(item); });

    // What lies behind a page or a dimmed background above it is not looked at.
    const auto isBehind = [&](std::size_t index, QPointF at) {
        for (auto later = index + 1; later < order.size(); ++later) {
            if (covers(order[later]) && !isAncestor(order[index], order[later]) && shownRect(order[later]).contains(at))
                return true;
        }
        return false;
    };

    std::vector<QQuickItem *> texts;
    for (std::size_t i = 0; i < order.size(); ++i) {
        auto *item = order[i];
        if (!isShown(item) || inKeyboard(item))
            continue;
        const auto rect = sceneRect(item);
        const auto shown = shownRect(item);
        bool scrolls = false;
        for (auto *up = item->parentItem(); up; up = up->parentItem())
            scrolls = scrolls || isKind(up, "QQuickFlickable");
        if (isText(item) && !wordsOf(item).isEmpty()) {
            const auto ink = inkRect(item);
            if (isBehind(i, (ink & screen).center()))
                continue;
            const bool elides = isKind(item, "QQuickText") && item->property("elide").toInt() != Qt::ElideNone;
            if (item->property("truncated").toBool() && !(elides && options[u"allowElided"].toBool()))
                report("cut off", item);
            else if (isKind(item, "QQuickText") && !elides &&
                     (item->property("contentWidth").toDouble() > item->width() + 1 ||
                      item->property("contentHeight").toDouble() > item->height() + 1))
                report("larger than its place", item);
            if (!scrolls && !screen.adjusted(-1, -1, 1, 1).contains(ink))
                report("outside the window", item);
            else if (!scrolls && !shown.adjusted(-1, -1, 1, 1).contains(ink & rect))
                report("clipped", item);
            if (!isAncestor(item->parentItem(), item) || shown.contains(ink.center()))
                texts.push_back(item);
        }
        if (isTarget(item) && item->isEnabled() && !isBehind(i, shown.center())) {
            if (rect.height() < kTouchHeight - 0.5)
                report("a target under 56 px", item, QString::number(rect.height()));
            if (!scrolls && !screen.adjusted(-1, -1, 1, 1).contains(rect))
                report("outside the window", item);
        }
    }
    for (std::size_t a = 0; a < texts.size(); ++a) {
        for (std::size_t b = a + 1; b < texts.size(); ++b) {
            const auto common = inkRect(texts[a]) & inkRect(texts[b]) & shownRect(texts[a]) & shownRect(texts[b]);
            if (common.width() > 2 && common.height() > 4)
                report("over another text", texts[a], wordsOf(texts[b]));
        }
    }
    return faults;
}

} // namespace paneldriver
