package org.astropool.internal.job.table;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.starlink.fits.CardFactory;
import uk.ac.starlink.fits.CardImage;
import uk.ac.starlink.table.DescribedValue;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.votable.UnifiedFitsTableWriter;

/**
 * Writes FITS with the metadata twice: as a VOTable in the primary HDU, where TOPCAT looks, and as cards in the header
 * of the table, where astropy does. The elements of a list become KEY1, KEY2 and so on.
 */
final class FitsWriter extends UnifiedFitsTableWriter {
    private static final int LONGEST_KEYWORD = 8;

    private final List<CardImage> cards = new ArrayList<>();

    FitsWriter() {
        setWriteDate(false); // so that the same values give the same bytes
    }

    @Override
    public void writeStarTable(StarTable table, OutputStream out) throws IOException {
        cards.clear();
        for (DescribedValue entry : table.getParameters()) {
            String key = entry.getInfo().getName();
            Object value = entry.getValue();
            if (!value.getClass().isArray()) {
                cards.add(card(key, value));
                continue;
            }
            for (int i = 0; i < Array.getLength(value); i++) {
                cards.add(card(key + (i + 1), Array.get(value, i)));
            }
        }
        super.writeStarTable(table, out);
    }

    private static CardImage card(String key, Object value) {
        String upper = key.toUpperCase(Locale.ROOT);
        String keyword = key.length() <= LONGEST_KEYWORD ? upper : "HIERARCH " + upper;
        if (value instanceof Double number) {
            return CardFactory.HIERARCH.createRealCard(keyword, number, null);
        }
        if (value instanceof Number number) {
            return CardFactory.HIERARCH.createIntegerCard(keyword, number.longValue(), null);
        }
        return CardFactory.HIERARCH.createStringCard(keyword, value.toString(), null);
    }

    @Override
    protected List<CardImage> getMetadataCards() {
        List<CardImage> all = new ArrayList<>(super.getMetadataCards());
        all.addAll(cards);
        return all;
    }
}
