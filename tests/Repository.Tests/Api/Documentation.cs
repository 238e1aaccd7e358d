// Reads the XML documentation that the compiler writes beside an assembly and answers one question:
// which exported types have no summary. An empty summary is none; `inheritdoc` is one.

using System.Xml.Linq;

namespace Repository.Tests.Api;

public static class Documentation
{
    public static IEnumerable<string> TypesWithoutSummary(IEnumerable<Type> types, XDocument xml)
    {
        HashSet<string> documented = xml.Descendants("member")
            .Where(member => member.Descendants("inheritdoc").Any()
                || member.Elements("summary").Any(summary => summary.DescendantNodes()
                    .Any(node => node is XText text && text.Value.Trim().Length > 0)))
            .Select(member => member.Attribute("name")?.Value ?? "")
            .ToHashSet();
        return types.Where(IsExported)
            .Where(type => !documented.Contains("T:" + type.FullName!.Replace('+', '.')))
            .Select(type => type.FullName!);
    }

    // A name with '<' is the compiler's own, as that of an extension block.
    private static bool IsExported(Type type) =>
        !type.Name.Contains('<', StringComparison.Ordinal)
        && (type.IsPublic || (IsNestedAndSeen(type) && IsExported(type.DeclaringType!)));

    private static bool IsNestedAndSeen(Type type) =>
        type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem;
}
